"""Groups side by side: every number that needs more than one group."""

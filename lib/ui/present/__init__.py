"""Present: the cohort as a talk."""

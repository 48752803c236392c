"""From the bytes of a file to an immutable Cohort, and who of it is looked at."""

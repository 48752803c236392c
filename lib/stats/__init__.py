"""Statistics: plain arrays in, frozen results out. Knows no cohort, no screen."""

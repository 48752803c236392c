"""The dialog that turns a file into a cohort."""

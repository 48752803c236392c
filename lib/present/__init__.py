"""Results as words, tables and charts: rounding and masking happen here and nowhere else."""

"""Results as words, tables and charts: rounding happens here and nowhere else."""

"""Instruments, thresholds, EQ-5D value sets and benchmarks: facts with their references."""

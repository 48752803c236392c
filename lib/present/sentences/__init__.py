"""Findings in neutral words, built from results only."""

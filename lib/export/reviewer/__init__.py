"""For the reviewer: one zip with the patients of the selection, and an R script that computes the numbers again."""

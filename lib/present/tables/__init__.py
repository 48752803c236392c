"""One module per table: `x_table(result …) → Table`."""

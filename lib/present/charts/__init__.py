"""One module per chart: `x_data(result, pairs) → ChartData` and `x_figure(data, medium) → dict` for Plotly."""

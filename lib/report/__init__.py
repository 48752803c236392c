"""What leaves the product as a whole: its plan, its items, methods text and results text."""

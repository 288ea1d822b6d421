"""What several use cases load, by noun."""

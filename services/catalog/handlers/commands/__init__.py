"""Changes others ask of catalog, by noun."""

"""What others see of catalog, by noun: rows and facts in, views out; what a view needs besides is read with it."""

"""What others see of catalog: facts in, views out, by noun."""

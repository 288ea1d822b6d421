"""Floor 2, how messages move. No business word appears here."""

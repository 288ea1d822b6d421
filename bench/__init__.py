"""What the house costs and how fast it is, as ratios to what this machine can do at all in the same minutes."""

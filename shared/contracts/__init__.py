"""Floor 1, the published language: what services say to each other. One module per owner."""

"""The rules of files: what their cells mean, and what their rows make of the catalogue."""

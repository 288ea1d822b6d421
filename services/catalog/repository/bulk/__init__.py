"""The catalogue in sets: what the rows of a file are about is read, and written, by some thousand at once."""

"""The rows and facts that a change leaves, whichever command or event makes it, by noun."""

"""Courtier from outside: a client of its HTTP API, and the operators' command line that stands on it."""

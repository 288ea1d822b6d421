"""Clients of the public API, such as anyone could write."""

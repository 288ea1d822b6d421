"""The rules of notifications: pure, no I/O, no clock."""

"""The services of the house. They know shared/ and themselves, never each other."""

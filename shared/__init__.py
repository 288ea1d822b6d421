"""What every service stands on: kernel, contracts, messaging, database. It knows no service."""

"""Changes others ask of identity: accounts, passwords, sessions."""

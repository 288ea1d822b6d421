"""What leads out of the house: the mail server."""

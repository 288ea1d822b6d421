"""create_service: the front door every service shares."""

"""What operators deploy: NATS and PostgreSQL configuration, and the permissions generated from the contracts."""

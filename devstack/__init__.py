"""The whole house on one machine, without Docker: embedded PostgreSQL and NATS, a mailbox, and a process per service.

`make up` (`python -m devstack up`) and the integration tests stand on the same objects.
"""

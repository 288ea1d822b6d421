"""The house on docker-compose, proved: `python -m tests.compose`. It needs a Docker engine, and takes minutes."""

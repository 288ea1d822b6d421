"""The Docker engine and the compose tool of this machine, whichever version they are."""

import os
import shutil
import subprocess
from dataclasses import dataclass

import docker
from docker.errors import DockerException

TOOLS = (["docker", "compose"], ["docker-compose"])


class Missing(Exception):
    """There is nothing to run containers with; the message says what is missing."""


@dataclass(frozen=True)
class Engine:
    """What containers are run with. `compose` is the beginning of its command line."""

    client: docker.DockerClient
    compose: list[str]

    @classmethod
    def find(cls) -> "Engine":
        """Connect; raises Missing."""
        compose = next((tool for tool in TOOLS if _runs([*tool, "version"])), None)
        client = _connected(os.environ.get("DOCKER_HOST") or _host_of_context())
        if compose is None:
            raise Missing("A Docker engine answers, but neither `docker compose` nor `docker-compose` is installed.")
        return cls(client, compose)


def _connected(host: str | None) -> docker.DockerClient:
    try:
        client = docker.DockerClient(base_url=host, timeout=120) if host else docker.from_env(timeout=120)
        client.ping()
    except DockerException as error:
        where = host or "the usual place"
        raise Missing(f"No Docker engine answers at {where}; start one, or name it in DOCKER_HOST.") from error
    return client


def _host_of_context() -> str | None:
    """Return where the docker command finds its engine; on a desktop that is not the usual place."""
    command = ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    return _output(command) if shutil.which("docker") else None


def _runs(command: list[str]) -> bool:
    return _output(command) is not None


def _output(command: list[str]) -> str | None:
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None

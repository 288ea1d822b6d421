"""One run of docker-compose.yml under a name, with secrets and ports of its own; nothing of it is left at the end."""

import os
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import docker
from docker.models.containers import Container

from deploy import secrets
from devstack.ports import Ports
from devstack.services import PROCESSES
from tests.compose.engine import Engine

ROOT = Path(__file__).parents[2]
SERVERS = ("nats", "postgres", "mailbox")
REPLICAS = 2
# Below those that a kernel gives to connections going out; the engine skips what is taken within the range.
LOWEST_PORT, PORT_RANGE = 20_000, 10
# What docker-compose.yml reads must come from this run's own .env, whatever the shell or the clone's .env say.
OTHERS = ("COURTIER_", "COMPOSE_", "POSTGRES_", "NATS_", "GATEWAY_PORTS", "MAILBOX_PORT")
UNLIMITED = {f"COURTIER_{kind}_PER_MINUTE": "0" for kind in ("READS", "WRITES", "SIGN_INS")}


class Broken(Exception):
    """Compose failed; the message ends with what it said last."""


class Project:
    """The containers of one run."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.client, self._tool = engine.client, engine.compose
        self.name = f"courtier-test-{os.getpid()}"
        self.folder = folder
        self._env_file = folder / ".env"
        self._env_file.write_text(secrets.filled(secrets.EXAMPLE.read_text()))
        self._environment = self._surroundings()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    @property
    def remedy(self) -> str:
        """What to do when this process was killed before it could tidy up."""
        ours = f"--filter label=com.docker.compose.project={self.name}"
        return (
            f"Were it killed, this tidies up: docker rm -fv $(docker ps -aq {ours}); "
            f"docker volume rm $(docker volume ls -q {ours}); docker network rm $(docker network ls -q {ours})"
        )

    def secret(self, name: str) -> str:
        """Return a value of this run's .env."""
        return dict(secrets.ASSIGNED.findall(self._env_file.read_text()))[name]

    def build(self) -> None:
        """Make every image; what did not change since the last run is taken from there."""
        self._compose("build")

    def up(self) -> None:
        """Start everything, each service more than once. Compose itself waits for servers and migrations."""
        scales = (part for name in PROCESSES for part in ("--scale", f"{name}={REPLICAS}"))
        self._compose("up", "--detach", *scales)

    def scale(self, service: str, replicas: int) -> None:
        """Bring one service to so many replicas, and leave the others as they are."""
        scales = dict.fromkeys(PROCESSES, REPLICAS) | {service: replicas}
        asked = (part for name, number in scales.items() for part in ("--scale", f"{name}={number}"))
        self._compose("up", "--detach", "--no-recreate", *asked)

    def stop(self) -> None:
        """Ask every container to end, as `docker compose stop` does."""
        self._compose("stop")

    def replicas(self, service: str) -> list[Container]:
        """Return the containers of a service, by number."""
        labels = [f"com.docker.compose.project={self.name}", f"com.docker.compose.service={service}"]
        found = self.client.containers.list(all=True, filters={"label": labels})
        return sorted(found, key=lambda one: int(one.labels["com.docker.compose.container-number"]))

    def containers(self, services: Iterable[str] = (*PROCESSES, *SERVERS)) -> list[Container]:
        """Return every container but the migrations'."""
        return [one for service in services for one in self.replicas(service)]

    def urls(self, service: str, port: int) -> list[str]:
        """Return where this machine reaches each replica of a service."""
        bindings = [one.ports[f"{port}/tcp"][0] for one in self.replicas(service)]
        return [f"http://127.0.0.1:{binding['HostPort']}" for binding in bindings]

    def healthy(self, containers: Iterable[Container], seconds: float) -> list[str]:
        """Wait until all of these are healthy; return a sentence for each that is not in time."""
        deadline = time.monotonic() + seconds
        waiting = list(containers)
        while True:
            waiting = [one for one in waiting if _health(one) != "healthy"]
            if not waiting or time.monotonic() > deadline:
                return [f"{one.name} is {_health(one)}: {said(one)}" for one in waiting]
            time.sleep(0.5)

    def down(self) -> None:
        """Remove containers, volumes and network. Images stay, for the next run."""
        ours = {"label": f"com.docker.compose.project={self.name}"}
        for _ in range(3):  # after Ctrl-C the engine may still be making what it was asked for
            self._compose("down", "--volumes", "--remove-orphans", "--timeout", "5", quiet=True)
            if not self.client.containers.list(all=True, filters=ours):
                return

    def _surroundings(self) -> dict[str, str]:
        free = Ports()
        gateway = free.take("gateway", LOWEST_PORT + os.getpid() % 10_000)
        mailbox = free.take("mailbox", gateway + PORT_RANGE)
        free.release()  # the engine binds them itself
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        return (
            inherited
            | UNLIMITED
            | {
                "COMPOSE_PROFILES": "demo",
                "COURTIER_TAG": "compose-test",
                "GATEWAY_PORTS": f"{gateway}-{gateway + PORT_RANGE - 1}",
                "MAILBOX_PORT": str(mailbox),
            }
        )

    def _compose(self, *arguments: str, quiet: bool = False) -> None:
        options = ["--env-file", str(self._env_file), "--project-name", self.name]
        with (self.folder / "compose.log").open("a+") as log:
            command = [*self._tool, *options, "--file", str(ROOT / "docker-compose.yml"), *arguments]
            # A session of its own: Ctrl-C is for us, and what tidies up must not hear it.
            done = subprocess.run(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
            if done.returncode and not quiet:
                log.seek(0)
                raise Broken(f"docker compose {arguments[0]} failed:\n{''.join(log.readlines()[-20:])}")


def _health(container: Container) -> str:
    try:
        container.reload()
    except docker.errors.NotFound:
        return "gone"
    state = container.attrs["State"]
    return str(state["Health"]["Status"]) if "Health" in state else str(state["Status"])


def said(container: Container, lines: int = 3) -> str:
    """Return the last lines a container wrote."""
    return container.logs(tail=lines).decode(errors="replace").strip()

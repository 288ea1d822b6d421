"""The house: PostgreSQL, NATS, the mailbox and every service, started in order, stopped in reverse, broken at will."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from devstack import running, temporary
from devstack import services as backend
from devstack.failing import Failed
from devstack.layout import Layout
from devstack.lock import claim
from devstack.migrations import migrate
from devstack.nats import Nats
from devstack.news import News, Tell, silent
from devstack.postgres import Postgres
from devstack.process import Process
from devstack.secret import Secrets
from devstack.server import Server
from devstack.services import ROOT, SERVICES, Command, Service
from devstack.supervisor import Program, Supervisor
from devstack.waiting import together


class House:
    """All programs of one data directory. Started and used from one event loop, in the main thread.

    A program's name is `postgres`, `nats`, `mailbox` or a service's; a second replica of orders is `orders-2`.
    What `kill` brought down stays down until `restart`, supervised or not; what is paused is left alone.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        services: Sequence[Service] = SERVICES,
        replicas: Mapping[str, int] | None = None,
        command: Command = backend.uvicorn,
        prepare: "Callable[[House], Awaitable[None]]" = migrate,
        environment: Mapping[str, str] | None = None,
        usual_ports: bool = False,
        supervised: bool = False,
        tell: Tell = silent,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.logs = self.data_dir / "logs"
        self.services = services
        self.environment = dict(environment or {})
        self.tell = tell
        self.programs: dict[str, Program] = {}
        self.layout = Layout(services, replicas or {}, usual_ports)
        self._command = command
        self._prepare = prepare
        self._supervised = supervised
        self._down: set[str] = set()
        self._lock: IO[str] | None = None
        self._supervision: asyncio.Task[None] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def temporary(cls, **options: Any) -> AsyncIterator[Self]:
        """Run an empty house, gone at the end; options as for House."""
        with temporary.folder() as folder:
            house = cls(folder / "house", **options)
            try:
                await house.start()
                yield house
            finally:
                await house.stop()

    @property
    def ports(self) -> Mapping[str, int]:
        """Every port by name; the mailbox has `smtp` and `mailbox`, the broker `nats` and `nats monitor`."""
        return self.layout.ports

    @property
    def urls(self) -> Mapping[str, str]:
        """The address of everything that speaks HTTP."""
        return self.layout.urls

    @property
    def postgres(self) -> Postgres:
        """The database server."""
        program = self.programs["postgres"]
        assert isinstance(program, Postgres)
        return program

    @property
    def nats(self) -> Nats:
        """The broker."""
        program = self.programs["nats"]
        assert isinstance(program, Nats)
        return program

    async def start(self) -> None:
        """Start everything and wait until it is ready. Whatever goes wrong, or is cancelled, nothing keeps running."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = claim(self.data_dir)
        if self._lock is None:
            raise Failed(f"It already runs from {self.data_dir}: `make status` shows where, Ctrl-C there stops it.")
        running.write(self.data_dir, {}, [])
        self.secrets = Secrets(self.data_dir / "secrets.json")
        try:
            await self._start_all()
        except BaseException:
            await self.stop()
            raise
        running.write(self.data_dir, self.ports, self.layout.names)
        if self._supervised:
            watch = Supervisor(self.programs, self._down.__contains__, lambda news: self.tell(news)).watch()
            self._supervision = asyncio.create_task(watch)

    async def stop(self) -> None:
        """Stop everything in order: gateway, services, mailbox, NATS, PostgreSQL."""
        if self._supervision is not None:
            self._supervision.cancel()
            await asyncio.gather(self._supervision, return_exceptions=True)
            self._supervision = None
        for group in self.layout.stop_order():
            await asyncio.gather(*(self.programs[name].stop() for name in group if name in self.programs))
        self.programs.clear()
        self._down.clear()
        self.layout.release_ports()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def kill(self, name: str) -> None:
        """Kill -9 a program; it stays down until `restart`."""
        self._down.add(name)
        await self.programs[name].kill()

    async def restart(self, name: str, *, ready: bool = False) -> None:
        """Start a program again on its port, stopping it first if it runs; wait until it lives, or is `ready`."""
        self._down.add(name)  # keeps the supervisor away meanwhile
        await self.programs[name].restart()
        self._down.discard(name)
        if ready:
            await self.ready(name)

    async def ready(self, name: str, seconds: float = 60) -> None:
        """Wait until a service says that it is ready."""
        program = self.programs[name]
        if isinstance(program, Server):
            await program.answers("/readyz", seconds)

    def pause(self, name: str) -> None:
        """Freeze a program (SIGSTOP)."""
        self.programs[name].pause()

    def resume(self, name: str) -> None:
        """Let a frozen program go on."""
        self.programs[name].resume()

    def abandon(self) -> None:
        """Send everything the signal it would get if we died now, and wait for nobody: the way out in a hurry."""
        for program in self.programs.values():
            program.process.signal(program.process.death_signal)

    async def _start_all(self) -> None:
        self.layout.take_ports(self.tell)
        await together(self._start_postgres(), self._start_nats(), self._serve("mailbox", self._mailbox()))
        with self._step("databases"):
            await self.postgres.provision(service.name for service in self.services if service.database)
        await self._prepare(self)
        await together(*(self._start_service(service) for service in self.services))

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self.tell(News(name, "begun"))
        yield
        self.tell(News(name, "done"))

    async def _start_postgres(self) -> None:
        with self._step("postgres"):
            self.programs["postgres"] = await Postgres.start(
                self.data_dir / "postgres",
                port=self.ports["postgres"],
                log=self.logs / "postgres.log",
                secrets=self.secrets,
            )

    async def _start_nats(self) -> None:
        with self._step("nats"):
            self.programs["nats"] = await Nats.start(
                self.data_dir / "nats",
                port=self.ports["nats"],
                monitor_port=self.ports["nats monitor"],
                log=self.logs / "nats.log",
                secrets=self.secrets,
            )

    def _mailbox(self) -> Server:
        ports = ["--smtp-port", str(self.ports["smtp"]), "--http-port", str(self.ports["mailbox"])]
        command = [sys.executable, "-m", "devstack.mailbox", *ports, "--file", str(self.data_dir / "mailbox.jsonl")]
        return self._server("mailbox", command, {})

    async def _start_service(self, service: Service) -> None:
        variables = backend.environment(self, service)
        commands = {name: self._command(service.name, self.ports[name]) for name in self.layout.replicas(service)}
        await together(*(self._serve(name, self._server(name, line, variables)) for name, line in commands.items()))

    def _server(self, name: str, command: list[str], env: dict[str, str]) -> Server:
        return Server(Process(name, command, self.logs / f"{name}.log", env=env, cwd=ROOT), self.ports[name])

    async def _serve(self, name: str, server: Server) -> None:
        with self._step(name):
            self.programs[name] = server
            await server.restart()
            await server.answers("/readyz")

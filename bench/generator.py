"""The load: HTTP/1.1 over raw sockets, one thread, no library, so that its own cost does not hide the server's.

`python -m bench.generator` answers each line of JSON (a Job) with a line of JSON (a Run), until its input ends.
"""

import json
import select
import socket
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from uuid import uuid4

from bench.runs import summary

HOST = "127.0.0.1"
KEY = b"%KEY%"
LENGTH = b"content-length:"
PATIENCE = 30.0  # seconds after the end of a run that an answer may take


@dataclass
class Job:
    """What to send: each operation is requests sent one after another, as text; %KEY% becomes a key never used before.

    It lasts so many seconds, or until so many operations are done. `pace`: operations begun per second, all
    connections together; without it each connection begins the next as soon as it has its answer.
    """

    port: int
    operations: list[list[str]]
    connections: int
    seconds: float | None = None
    times: int | None = None
    pace: float | None = None


@dataclass
class Caller:
    """One connection and the operation it is in the middle of."""

    wire: socket.socket
    steps: Iterator[bytes] = field(default_factory=lambda: iter(()))
    began: float = 0.0
    received: bytes = b""

    def send(self, request: bytes) -> None:
        self.received = b""
        self.wire.sendall(request)

    def status(self) -> bytes | None:
        """Read what has come; return the status of the answer once it is whole."""
        part = self.wire.recv(262_144)
        if not part:
            return b"closed"
        self.received = self.received + part if self.received else part
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.received[:end].lower()
        at = head.find(LENGTH)
        length = int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return head[9:12] if len(self.received) >= end + 4 + length else None


class Load:
    """One job under way."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.operations = [[request.encode() for request in operation] for operation in job.operations]
        self.prefix, self.begun, self.keys = uuid4().hex.encode(), 0, 0
        self.latencies: list[float] = []
        self.refused: Counter[str] = Counter()
        self.idle: deque[Caller] = deque()
        self.started = perf_counter()

    def run(self) -> dict[str, object]:
        callers = [self._caller() for _ in range(self.job.connections)]
        by_number = {caller.wire.fileno(): caller for caller in callers}
        poll = select.epoll()
        for number in by_number:
            poll.register(number, select.EPOLLIN)
        self.idle.extend(callers)
        self.started = ended = perf_counter()
        while True:
            wait = self._begin_what_is_due()
            if wait is None and len(self.idle) == len(callers):
                break
            if perf_counter() - ended > PATIENCE:
                self.refused["no answer"] += len(callers) - len(self.idle)
                break
            for number, _ in poll.poll(1.0 if wait is None else wait):
                if self._advance(by_number[number]):
                    ended = perf_counter()
        poll.close()
        for caller in callers:
            caller.wire.close()
        return summary(self.latencies, ended - self.started, self.refused)

    def _caller(self) -> Caller:
        wire = socket.create_connection((HOST, self.job.port))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Caller(wire)

    def _begin_what_is_due(self) -> float | None:
        """Begin operations on idle connections; return the seconds until the next one, None when none will come."""
        while True:
            now = perf_counter()
            due = self.started + self.begun / self.job.pace if self.job.pace else now
            if self._over(max(now, due)):
                return None
            if due > now:
                return due - now if self.idle else 1.0
            if not self.idle:
                return 1.0
            self._begin(self.idle.popleft())

    def _over(self, at: float) -> bool:
        job = self.job
        late = job.seconds is not None and at - self.started >= job.seconds
        return late or (job.times is not None and self.begun >= job.times)

    def _begin(self, caller: Caller) -> None:
        caller.steps = iter(self.operations[self.begun % len(self.operations)])
        self.begun += 1
        caller.began = perf_counter()
        self._next(caller)

    def _next(self, caller: Caller) -> bool:
        """Send an operation's next request; return whether there was one."""
        request = next(caller.steps, None)
        if request is None:
            return False
        if KEY in request:
            self.keys += 1
            request = request.replace(KEY, b"%b-%d" % (self.prefix, self.keys))
        caller.send(request)
        return True

    def _advance(self, caller: Caller) -> bool:
        """Take in what a connection has received; return whether that ended its operation."""
        status = caller.status()
        if status is None:
            return False
        if status.startswith(b"2"):
            if self._next(caller):
                return False
            self.latencies.append(perf_counter() - caller.began)
        else:
            self.refused[status.decode()] += 1
        self.idle.append(caller)
        return True


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(Load(Job(**json.loads(line))).run()), flush=True)

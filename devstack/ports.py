"""Ports on loopback: the wanted one, or the next free one, kept for us for as long as we live."""

import socket
import sys
from dataclasses import dataclass, field

from devstack.failing import Failed

LINUX = sys.platform == "linux"


@dataclass(slots=True)
class Ports:
    """Ports kept by name: bound by us but not listening, so that our own child can listen and nobody else gets them.

    That works on Linux, where SO_REUSEADDR lets a second socket bind beside one that does not listen. So a crashed
    program finds its port again, although the kernel hands free ports to any connection that goes out. Another house
    could bind as our child does; a name in the abstract socket namespace, gone when we die, keeps it away.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    _kept: list[socket.socket] = field(default_factory=list)

    def take(self, name: str, wanted: int | None = None) -> int:
        """Keep a port under `name`: `wanted` or the first free one after it; any free one when nothing is wanted."""
        if name not in self.numbers:
            for candidate in range(wanted, wanted + 200) if wanted else [0] * 200:
                if (port := self._keep(candidate)) is not None:
                    self.numbers[name] = port
                    break
            else:
                raise Failed(
                    f"No port is free for {name} from {wanted or 1} on. Stop what listens there and try again."
                )
        return self.numbers[name]

    def release(self) -> None:
        """Give all of them back."""
        for kept in self._kept:
            kept.close()
        self._kept.clear()
        self.numbers.clear()

    def _keep(self, port: int) -> int | None:
        number = port or _any_free()
        claim = _claim(number)
        if claim is None:
            return None
        bound = _bind(number)
        if bound is None:
            claim.close()
            return None
        if LINUX:
            self._kept += [bound, claim]
        else:
            bound.close()
            claim.close()
        return number


def _any_free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _bind(port: int) -> socket.socket | None:
    """Bind a port that is free: nobody listens there. Connections of the last run that fade away do not count."""
    try:
        with _reusable(port) as trial:
            trial.listen(1)  # two may be bound to a port, only one can listen
        return _reusable(port)
    except OSError:
        return None


def _reusable(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound


def _claim(port: int) -> socket.socket | None:
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        if LINUX:
            claim.bind(f"\0courtier-port-{port}")
    except OSError:
        claim.close()
        return None
    return claim

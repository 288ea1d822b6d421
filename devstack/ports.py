"""Ports on loopback: the wanted one, or the next free one, kept for us for as long as we live."""

import socket
import sys
from dataclasses import dataclass, field

from devstack.failing import Failed


@dataclass(slots=True)
class Ports:
    """Ports kept by name: bound by us but not listening, so that our own child can listen and nobody else chooses them.

    That holds on Linux, where SO_REUSEADDR lets a second socket bind beside one that does not listen. So a crashed
    program finds its port again, and two houses that start at the same moment do not pick the same one.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    _kept: list[socket.socket] = field(default_factory=list)

    def take(self, name: str, wanted: int | None = None) -> int:
        """Keep a port under `name`: `wanted` or the first free one after it; any free one when nothing is wanted."""
        if name not in self.numbers:
            for candidate in range(wanted, wanted + 200) if wanted else [0]:
                if (kept := _bind(candidate)) is not None:
                    break
            else:
                raise Failed(f"No free port for {name} from {wanted} on. Stop what is listening there and try again.")
            self.numbers[name] = int(kept.getsockname()[1])
            self._keep(kept)
        return self.numbers[name]

    def release(self) -> None:
        """Give all of them back."""
        for kept in self._kept:
            kept.close()
        self._kept.clear()
        self.numbers.clear()

    def _keep(self, bound: socket.socket) -> None:
        if sys.platform == "linux":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._kept.append(bound)
        else:
            bound.close()


def _bind(port: int) -> socket.socket | None:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:  # without SO_REUSEADDR, which would let us share a port with another house that keeps it
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        return None
    return bound

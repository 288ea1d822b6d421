"""Who is in the house and where: the names of all processes, their ports and addresses, the order of leaving."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from devstack.news import News, Tell
from devstack.ports import Ports
from devstack.services import Service

WANTED = {"postgres": 5432, "nats": 4222, "nats monitor": 8222, "mailbox": 8025, "smtp": 1025}


@dataclass(slots=True)
class Layout:
    """The services (the gateway last), how many of each, and whether they like to have their usual ports."""

    services: Sequence[Service]
    counts: Mapping[str, int]
    usual_ports: bool
    _ports: Ports = field(default_factory=Ports)

    @property
    def names(self) -> list[str]:
        """Every process of every service."""
        return [name for service in self.services for name in self.replicas(service)]

    @property
    def ports(self) -> Mapping[str, int]:
        """Every port by name."""
        return self._ports.numbers

    @property
    def urls(self) -> Mapping[str, str]:
        """The address of everything that speaks HTTP."""
        return {name: f"http://127.0.0.1:{self.ports[name]}" for name in ("mailbox", "nats monitor", *self.names)}

    def replicas(self, service: Service) -> list[str]:
        """Return the process names of a service: orders, orders-2, …."""
        return [service.name, *(f"{service.name}-{n}" for n in range(2, self.counts.get(service.name, 1) + 1))]

    def stop_order(self) -> Iterator[list[str]]:
        """Yield who leaves together: the door first, the truth last."""
        *backend, gateway = self.services
        yield self.replicas(gateway)
        yield [name for service in backend for name in self.replicas(service)]
        yield from (["mailbox"], ["nats"], ["postgres"])

    def take_ports(self, tell: Tell) -> None:
        """Take all ports, and tell of each that is not the usual one."""
        wanted = dict(WANTED)
        for service in self.services:
            wanted |= {name: service.wanted_port + 100 * n for n, name in enumerate(self.replicas(service))}
        for name, port in wanted.items():
            got = self._ports.take(name, port if self.usual_ports else None)
            if self.usual_ports and got != port:
                tell(News(name, "remark", f"Port {port} is taken: {name} gets {got}."))

    def release_ports(self) -> None:
        """Give all ports back."""
        self._ports.release()

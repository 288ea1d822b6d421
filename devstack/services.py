"""The services of the house: their names, wanted ports, command line and environment."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devstack.house import House

ROOT = Path(__file__).parents[1]
GATEWAY, GATEWAY_PORT = "gateway", 8080
FIRST_PORT = 8101  # of the services behind it, by name
Command = Callable[[str, int], list[str]]
"""Given a service's name and port, the command line that runs it."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service and where it likes to listen."""

    name: str
    wanted_port: int
    database: bool = True


def _on_disk() -> Iterator[Service]:
    """Yield the services of the folder `services/`, the gateway last."""
    homes = sorted(app.parent for app in (ROOT / "services").glob("*/app.py"))
    for port, home in enumerate((home for home in homes if home.name != GATEWAY), FIRST_PORT):
        yield Service(home.name, port, (home / "migrations").is_dir())
    yield Service(GATEWAY, GATEWAY_PORT, database=False)


SERVICES = tuple(_on_disk())
PROCESSES = tuple(service.name for service in SERVICES)


def uvicorn(name: str, port: int) -> list[str]:
    """Run a service as its image does."""
    return [
        *(sys.executable, "-m", "uvicorn", "--factory", f"services.{name}.app:create_app"),
        *("--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "10"),
    ]


def environment(house: "House", service: Service) -> dict[str, str]:
    """Return the variables of one process of `service`; what the caller exports (log level, OTEL_*) is passed on."""
    name = service.name
    variables = {
        **{key: value for key, value in os.environ.items() if key != "COURTIER_DATABASE_URL"},
        "PYTHONUNBUFFERED": "1",
        "COURTIER_DRAIN_SECONDS": "0.1",  # no load balancer waits here
        "COURTIER_NATS_URL": house.nats.url,
        "COURTIER_NATS_USER": name,
        "COURTIER_NATS_PASSWORD": house.nats.password(name),
    }
    if service.database:
        variables["COURTIER_DATABASE_URL"] = house.postgres.url(name)
    return variables | _own(house).get(name, {}) | dict(house.environment)


def _own(house: "House") -> Mapping[str, dict[str, str]]:
    return {
        "catalog": {"COURTIER_IMAGES_FOLDER": str(house.data_dir / "images")},
        "identity": {
            "COURTIER_BOOTSTRAP_SECRET": house.secrets.get("bootstrap"),
            "COURTIER_SIGNING_KEY_SECRET": house.secrets.get("signing key"),
        },
        "notifications": {
            "COURTIER_SMTP_URL": f"smtp://127.0.0.1:{house.ports['smtp']}",
            "COURTIER_SHOP_NAME": "Maison Courtier",
            "COURTIER_BANK_IBAN": "FR7630006000011234567890189",  # the usual example, nobody's account
        },
        "gateway": {
            "COURTIER_PUBLIC_URL": house.urls["gateway"],
            "COURTIER_METRICS_TOKEN": house.secrets.get("metrics"),
            # One developer at one machine, and scripts that load data: nobody here is to be held back.
            "COURTIER_READS_PER_MINUTE": "0",
            "COURTIER_WRITES_PER_MINUTE": "0",
            "COURTIER_IMAGES_PER_MINUTE": "0",
        },
    }

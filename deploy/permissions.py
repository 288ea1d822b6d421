"""Writes deploy/nats/permissions.conf from the contracts: who may publish and hear what.

`python -m deploy.permissions` writes the file; `--check` fails when it is not what the contracts say.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shared.contracts
from shared.contracts.base import ANY_SERVICE, Message, Request

SERVICES = ("agents", "catalog", "customers", "identity", "notifications", "orders")
TARGET = Path(__file__).parent / "nats" / "permissions.conf"
# Streams are read by anyone: ephemeral pull consumers, single messages, information. Nothing here deletes or edits.
READ_STREAMS = (
    "$JS.API.INFO",
    "$JS.API.STREAM.NAMES",
    "$JS.API.STREAM.LIST",
    "$JS.API.STREAM.INFO.*",
    "$JS.API.STREAM.MSG.GET.*",
    "$JS.API.DIRECT.GET.>",
    "$JS.API.CONSUMER.CREATE.>",
    "$JS.API.CONSUMER.INFO.>",
    "$JS.API.CONSUMER.MSG.NEXT.>",
)
HEAD = """\
# Generated from the contracts by `python -m deploy.permissions`; edit those instead.
# Each service has a user of its own: it publishes its own events and what it may ask, hears its own requests and
# its own inbox, and creates its own stream. Passwords come from the environment.
"""


def requests() -> list[type[Request[Any]]]:
    """Return every request of every contract module, by subject."""
    for module in pkgutil.walk_packages(shared.contracts.__path__, "shared.contracts."):
        importlib.import_module(module.name)
    found = [message for message in Message.registry.values() if issubclass(message, Request)]
    return sorted(found, key=lambda request: request.subject)


def may_publish(service: str) -> list[str]:
    """Return the subjects a service may publish on."""
    asked = [request.subject for request in requests() if service in request.asked_by]
    if service == "gateway":
        return [*asked, *READ_STREAMS]
    askers = {asker for request in requests() if request.owner in (service, ANY_SERVICE) for asker in request.asked_by}
    return [
        f"events.{service}.>",
        *asked,
        *(f"_INBOX_{asker}.>" for asker in sorted(askers)),
        *READ_STREAMS,
        f"$JS.API.STREAM.CREATE.{service.upper()}",
    ]


def may_hear(service: str) -> list[str]:
    """Return the subjects a service may subscribe to; requests only in its queue group."""
    inbox = f"_INBOX_{service}.>"
    return [inbox] if service == "gateway" else [f"rpc.{service}.> {service}", inbox]


def document() -> str:
    """Return the whole configuration file."""
    users = "\n".join(_user(service) for service in (*SERVICES, "gateway"))
    return f"{HEAD}authorization {{\n    users = [\n{users}\n    ]\n}}\n"


def _user(service: str) -> str:
    return f"""        {{
            user: {service}, password: $NATS_{service.upper()}_PASSWORD
            permissions: {{
                publish: {{ allow: [{_listed(may_publish(service))}] }}
                subscribe: {{ allow: [{_listed(may_hear(service))}] }}
            }}
        }}"""


def _listed(subjects: Iterable[str]) -> str:
    lines = "".join(f'\n                    "{subject}"' for subject in subjects)
    return f"{lines}\n                "


def main() -> None:
    """Write the file, or with --check compare it."""
    if "--check" not in sys.argv:
        TARGET.write_text(document())
    elif TARGET.read_text() != document():
        sys.exit(f"{TARGET} is not what the contracts say; run: python -m deploy.permissions")


if __name__ == "__main__":
    main()

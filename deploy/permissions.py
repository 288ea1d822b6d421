"""Writes deploy/nats/permissions.conf from contracts and handlers: who may publish and hear what.

`python -m deploy.permissions` writes the file; `--check` fails when it is not what they say.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deploy.listeners import handled_by
from shared.contracts.base import ANY_SERVICE, Message, Request
from shared.contracts.identity import AccountDisabled
from shared.contracts.registry import load_contracts, owners
from shared.messaging.topology import owner_permissions, reader_permissions

GATEWAY = "gateway"
TARGET = Path(__file__).parent / "nats" / "permissions.conf"
HEAD = """\
# Generated from contracts and handlers by `python -m deploy.permissions`; edit those instead.
# Each service has a user of its own: it publishes its own events and what it may ask, hears its own requests and
# its own inbox, creates its own stream, and reads the streams whose events it handles, and identity's, which tells
# whose account was closed. Nobody edits, purges or deletes a stream. Passwords come from the environment.
"""


def requests() -> list[type[Request[Any]]]:
    """Return every request of every contract module, by subject."""
    load_contracts()
    found = [message for message in Message.registry.values() if issubclass(message, Request)]
    return sorted(found, key=lambda request: request.subject)


def askers(request: type[Request[Any]]) -> set[str]:
    """Return who may send a request."""
    return {name for asker in request.asked_by for name in (owners() if asker == ANY_SERVICE else [asker])}


def read_by(service: str) -> set[str]:
    """Return the producers whose streams a service reads. The gateway passes all of them on, to whoever may hear."""
    if service == GATEWAY:
        return set(owners())
    return {event.owner for event in handled_by(service)} | {AccountDisabled.owner}


def may_publish(service: str) -> list[str]:
    """Return the subjects a service may publish on."""
    asked = [request.subject for request in requests() if service in askers(request)]
    answered = [request for request in requests() if request.owner in (service, ANY_SERVICE)]
    inboxes = sorted({f"_INBOX_{asker}.>" for request in answered for asker in askers(request)})
    read = [subject for producer in sorted(read_by(service)) for subject in reader_permissions(producer)]
    if service == GATEWAY:
        return [*asked, *read]
    return list(dict.fromkeys((*asked, *inboxes, *owner_permissions(service), *read)))


def may_hear(service: str) -> list[str]:
    """Return the subjects a service may subscribe to; requests only in its queue group."""
    inbox = f"_INBOX_{service}.>"
    return [inbox] if service == GATEWAY else [f"rpc.{service}.> {service}", inbox]


def document() -> str:
    """Return the whole configuration file."""
    users = "\n".join(_user(service) for service in (*owners(), GATEWAY))
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
        sys.exit(f"{TARGET} is not what contracts and handlers say; run: python -m deploy.permissions")


if __name__ == "__main__":
    main()

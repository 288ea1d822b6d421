"""Writes docs/reference from the code: messages, problems, lifecycles, settings, AsyncAPI and OpenAPI.

`python -m docs.generate` writes; `--check` fails when something written is not what the code says.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from deploy.listeners import handled_by
from services.gateway.app import create_app as create_gateway
from services.orders.domain import lifecycle
from shared.contracts.base import ANY_SERVICE, Command, Message, Request
from shared.contracts.registry import owners
from shared.kernel.problems import Problem
from shared.settings import BusSettings, ServiceSettings

REFERENCE = Path(__file__).parent / "reference"
# Values for what is required, so that an app can be described without being run.
ANY_VALUE = {
    "database_url": "postgresql+asyncpg://described@localhost/described",
    "signing_key_secret": "described, and at least so long as wanted",
    "smtp_url": "smtp://localhost:25",
}
NOTE = "<!-- Generated from the code by `make docs`; change the code instead. -->\n\n"


def pages() -> dict[str, str]:
    """Return every page of the reference: its path below docs/reference, and its text."""
    written = {
        "messages.md": messages(),
        "problems.md": problems(),
        "lifecycles.md": lifecycles(),
        "settings.md": settings(),
        "openapi.json": _json(create_gateway().openapi()),
        "schemas.json": _json(schemas()),
    }
    return written | {f"asyncapi/{service}.json": asyncapi(service) for service in owners()}


def messages() -> str:
    """Return who asks whom for what, and who tells what to whom."""
    listeners = {event: sorted(set(names)) for event, names in _listeners().items()}
    lines = [NOTE + "# Messages\n"]
    for owner in (*owners(), ANY_SERVICE):
        owned = [message for message in _sorted() if message.owner == owner]
        if owned:
            lines.append(f"\n## {_named(owner)}\n")
            lines += ["| message | kind | subject | reply or listeners | who may |", "|---|---|---|---|---|"]
            lines += [_row(message, listeners) for message in owned]
    return "\n".join(lines) + "\n"


def _row(message: type[Message], listeners: dict[str, list[str]]) -> str:
    says = (message.__doc__ or "").strip().splitlines()[0]
    if issubclass(message, Request):
        kind = "command" if issubclass(message, Command) else "query"
        reply = message.reply_type().__name__
        who = ", ".join(f"`{name}`" for name in sorted(message.allow))
        asked = ", ".join(_named(asker) for asker in sorted(message.asked_by))
        return f"| **{message.__name__}**<br>{says} | {kind} | `{message.subject}` | {reply} | {who}; from {asked} |"
    heard = ", ".join(listeners.get(message.__name__, [])) or "nobody yet"
    return f"| **{message.__name__}**<br>{says} | event | `{message.subject}` | {heard} | the owner |"


def _named(service: str) -> str:
    return "every service" if service == ANY_SERVICE else service


def problems() -> str:
    """Return every way the system says no."""
    lines = [NOTE + "# Problems\n", "RFC 9457 documents; `code` is what programs read, `detail` what people do."]
    lines += ["\n| code | status | meaning |", "|---|---|---|"]
    for code, problem in sorted(Problem.registry.items()):
        meaning = " ".join((problem.__doc__ or "").split())
        lines.append(f'| <a id="{problem.type_uri().rsplit("/", 1)[1]}"></a>`{code}` | {problem.status} | {meaning} |')
    return "\n".join(lines) + "\n"


def lifecycles() -> str:
    """Return the states an order goes through on each axis, as diagrams."""
    lines = [NOTE + "# Lifecycles\n"]
    for title, axis in (
        ("Order", lifecycle.ORDER),
        ("Payment", lifecycle.PAYMENT),
        ("Fulfilment", lifecycle.FULFILMENT),
    ):
        first = next(iter(axis))
        arrows = [f"    {before} --> {after}" for before, afters in axis.items() for after in sorted(afters)]
        lines += [f"\n## {title}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *arrows, "```"]
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Return what each process reads from its environment."""
    lines = [NOTE + "# Settings\n", "Environment variables; a secret is never written to a log."]
    for title, kind in _settings():
        lines += [f"\n## {title}\n", "| variable | default | meaning |", "|---|---|---|"]
        lines += [
            f"| `COURTIER_{name.upper()}` | {_default(field)} | {field.description} |"
            for name, field in kind.model_fields.items()
            if title.startswith("Every") or name not in ServiceSettings.model_fields
        ]
    return "\n".join(lines) + "\n"


def _settings() -> Iterator[tuple[str, type[BaseSettings]]]:
    yield "Every process", BusSettings
    yield "Every service with data", ServiceSettings
    for service in (*owners(), "gateway"):
        try:
            module = importlib.import_module(f"services.{service}.settings")
        except ModuleNotFoundError:
            continue
        yield f"services/{service}", module.Settings


def _default(field: Any) -> str:
    if field.default is PydanticUndefined and field.default_factory is None:
        return "required"
    return "" if field.default in (None, "", PydanticUndefined) else f"`{field.default}`"


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of every message, so that a change of the published language shows in review."""
    return {message.subject: message.model_json_schema() for message in _sorted()}


def asyncapi(service: str) -> str:
    """Return a service's AsyncAPI document."""
    module = importlib.import_module(f"services.{service}.app")
    app = module.create_app(_placeholder(service))
    return _json(json.loads(app.schema.to_specification().to_json()))


def _placeholder(service: str) -> BaseSettings:
    """Return settings that let an app be described without being run."""
    try:
        kind = importlib.import_module(f"services.{service}.settings").Settings
    except ModuleNotFoundError:
        kind = ServiceSettings
    required = {name: ANY_VALUE[name] for name, field in kind.model_fields.items() if field.is_required()}
    settings: BaseSettings = kind(**required)
    return settings


def _listeners() -> dict[str, list[str]]:
    heard: dict[str, list[str]] = {}
    for service in owners():
        for event in handled_by(service):
            heard.setdefault(event.__name__, []).append(service)
    return heard


def _sorted() -> list[type[Message]]:
    return [message for _, message in sorted(Message.registry.items())]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every page, or with --check compare them all."""
    stale = []
    for name, text in pages().items():
        path = REFERENCE / name
        if "--check" in sys.argv:
            stale += [name] if not path.exists() or path.read_text() != text else []
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale:
        sys.exit(f"docs/reference is not what the code says ({', '.join(stale)}); run: make docs")


if __name__ == "__main__":
    main()

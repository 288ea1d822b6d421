"""create_service: the front door every service shares."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import ModuleType

from faststream.asgi import AsgiFastStream
from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from faststream.specification import AsyncAPI

from shared import telemetry
from shared.contracts.base import ANY_SERVICE, Event, Message, Request
from shared.contracts.registry import load_contracts
from shared.health import Health
from shared.messaging import bus, operations
from shared.messaging.handler import Handler, check_ownership, handlers_in
from shared.messaging.invariants import Invariant, keep
from shared.messaging.jobs import GivenUp
from shared.messaging.lanes import Bindings, bind
from shared.messaging.work import Job
from shared.process import Process, Reactions
from shared.settings import ServiceSettings
from shared.stopping import told_to_stop

Service = AsgiFastStream
"""A service as uvicorn runs it."""
GRACE = 10.0  # seconds that requests in flight may take to finish when the service stops
log = logging.getLogger(__name__)


def create_service(
    name: str,
    settings: ServiceSettings,
    handlers: Sequence[ModuleType],
    invariants: Sequence[Invariant] = (),
    given_up: Mapping[type[Job], GivenUp] | None = None,
) -> Service:
    """Return a service as an ASGI app: its requests answered, its events told and heard, its jobs done.

    Raises TypeError before the first message when a handler handles what is not its service's, or a message twice.
    `invariants`: what must hold at rest. `given_up`: what to record when a job of that kind has failed for good.
    """
    telemetry.write_json_logs(name, settings.log_level)
    telemetry.enable_traces(name, settings.traces_url)
    load_contracts()  # all: another owner's problem is passed on by its own class
    bindings, reactions = _sort(name, [*handlers, operations])
    broker = NatsBroker(
        **bus.options(settings, name),
        security=SASLPlaintext(settings.nats_user or name, settings.nats_password.get_secret_value()),
        graceful_timeout=GRACE,
        logger=None,
    )
    keep(name, invariants)
    bind(broker, name, bindings)
    _announce(broker, name)
    process = Process(name, settings, broker, reactions, given_up or {})
    health = Health(process.checks())
    app = AsgiFastStream(
        broker,
        asgi_routes=health.routes(),
        specification=AsyncAPI(title=name, version="1", description=operations.__doc__),
        asyncapi_path="/docs",
        logger=None,
    )
    _arrange(app, process, health, settings.drain_seconds)
    return app


def _arrange(app: Service, process: Process, health: Health, drain_seconds: float) -> None:
    """Give the app its order of coming and going: not ready is said first, the database let go last."""
    stack = ExitStack()

    async def come() -> None:
        stack.enter_context(told_to_stop(health.leave, drain_seconds))
        await process.open()

    async def go() -> None:
        health.leave()
        await process.leave()

    async def gone() -> None:
        await process.close()
        stack.close()

    app.on_startup(come)
    app.after_startup(process.start)
    app.on_shutdown(go)
    app.after_shutdown(gone)


def _sort(service: str, modules: Sequence[ModuleType]) -> tuple[Bindings, Reactions]:
    bindings: Bindings = {}
    reactions = Reactions(defaultdict(lambda: defaultdict(list)), {})
    for contract, function in handlers_in(modules):
        check_ownership(service, contract, function)
        if issubclass(contract, Event):
            reactions.events[contract.owner][contract].append(function)
        elif issubclass(contract, Job):
            _once(reactions.jobs, contract, function)
        elif issubclass(contract, Request):
            subject = contract.subject.replace(ANY_SERVICE, service)
            if subject in bindings:
                raise TypeError(f"{service} handles {contract.__name__} twice")
            bindings[subject] = (contract, function)
    return bindings, reactions


def _once(jobs: dict[type[Job], Handler], kind: type[Job], function: Handler) -> None:
    if jobs.setdefault(kind, function) is not function:
        raise TypeError(f"{kind.__name__} has two handlers")


def _announce(broker: NatsBroker, name: str) -> None:
    """List the events this service emits in its AsyncAPI document."""
    for contract in Message.registry.values():
        if issubclass(contract, Event) and contract.owner == name:
            broker.publisher(contract.subject, title=contract.__name__, description=contract.__doc__, schema=contract)

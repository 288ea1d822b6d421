"""@handler: the annotation is the subscription."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, TypeVar, get_type_hints

from shared.contracts.base import Event, Message, Request
from shared.messaging.work import Job

Handler = Callable[..., Awaitable[Any]]
Handled = type[Message] | type[Job]
H = TypeVar("H", bound=Handler)


def handler(function: H) -> H:
    """Mark a function as the one handler of the message its first parameter names.

    Raises TypeError when the function does not return what the contract promises.
    """
    contract, returns = _signature(function)
    wanted = contract.reply_type() if issubclass(contract, Request) else type(None)
    if returns is not wanted:
        raise TypeError(f"{function.__qualname__} must return {wanted}, as {contract.__name__} promises")
    function.__handles__ = contract  # type: ignore[attr-defined]
    return function


def handlers_in(modules: Iterable[ModuleType]) -> Iterator[tuple[Handled, Handler]]:
    """Yield each handler that the modules define, with the contract it handles."""
    for module in modules:
        for function in list(vars(module).values()):
            if getattr(function, "__module__", None) == module.__name__ and hasattr(function, "__handles__"):
                yield function.__handles__, function


@cache
def wants_ask(function: Handler) -> bool:
    """Tell whether a handler depends on other services."""
    return "ask" in inspect.signature(function).parameters


def handler_name(function: Handler) -> str:
    """Return the name a parked event and a metric know a handler by: its event's listener, not its module."""
    return function.__name__


def check_ownership(service: str, contract: Handled, function: Handler) -> None:
    """Refuse a service that handles what is not its own, before its first message."""
    if issubclass(contract, (Event, Job)):
        return
    if contract.owner not in (service, "*"):
        raise TypeError(
            f"{service} may not handle {contract.__name__} in {function.__name__}: {contract.owner} owns it"
        )


def _signature(function: Handler) -> tuple[Handled, Any]:
    hints = get_type_hints(function)
    return hints[next(iter(inspect.signature(function).parameters))], hints.get("return")

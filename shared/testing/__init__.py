"""What tests share: stand-ins for other services, patience with deadlines, a unit of work on a real database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.base import Request
from shared.kernel.ids import new_id


def answering(**answers: Any) -> Any:
    """Stand in for ask: answer each request type by name with a value, a function of the request, or a problem."""

    async def ask(request: Request[Any], /, *, key: str | None = None) -> Any:
        ask.requests.append(request)  # type: ignore[attr-defined]
        answer = answers[type(request).__name__]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) and not isinstance(answer, BaseModel) else answer

    ask.requests = []  # type: ignore[attr-defined]
    return ask


async def eventually(probe: Callable[[], Awaitable[Any]], within: float = 10.0) -> Any:
    """Repeat a probe until it stops failing, and return what it returns; its last failure is the test's failure.

    `within` is in seconds.
    """
    deadline = asyncio.get_running_loop().time() + within
    while True:
        try:
            return await probe()
        except AssertionError:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.02)


def staff(*permissions: Permission) -> Actor:
    """Return a staff member with these permissions."""
    return Actor(
        type=ActorType.STAFF, id=new_id(), account_id=new_id(), name="Staff", permissions=frozenset(permissions)
    )


def agent(id_: UUID, *permissions: Permission) -> Actor:
    """Return an agent with these permissions besides what every agent may."""
    own = {
        Permission.ORDERS_PLACE_OWN,
        Permission.ORDERS_READ_OWN,
        Permission.CUSTOMERS_READ_OWN,
        Permission.AGENTS_READ_OWN,
        Permission.COMMISSIONS_READ_OWN,
        Permission.ACCOUNT_OWN,
    }
    return Actor(
        type=ActorType.AGENT, id=id_, account_id=new_id(), name="Agent", permissions=frozenset({*own, *permissions})
    )


def customer(id_: UUID) -> Actor:
    """Return a customer, with what every customer may."""
    own = {
        Permission.ORDERS_PLACE_OWN,
        Permission.ORDERS_READ_OWN,
        Permission.ORDERS_CANCEL_OWN,
        Permission.CUSTOMERS_READ_OWN,
        Permission.ACCOUNT_OWN,
    }
    return Actor(type=ActorType.CUSTOMER, id=id_, account_id=new_id(), name="Customer", permissions=frozenset(own))

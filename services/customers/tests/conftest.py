"""What the tests of customers stand on: a clerk's desk at which requests are carried out one after the other."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.actor import Actor, Permission
from shared.contracts.agents.agents import AgentNotFound
from shared.contracts.base import Event
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler, wants_ask
from shared.messaging.work import UnitOfWork
from shared.testing import answering, staff
from shared.testing.fixtures import *  # noqa: F403

CLERK = staff(Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE)


class Desk:
    """Hands messages to handlers as the hall and the pump do, each in a transaction of its own."""

    def __init__(self, work_as: Callable[..., UnitOfWork]) -> None:
        self.work_as = work_as
        self.emitted: list[Event] = []
        self.ask = answering(GetSeller=AgentNotFound())

    async def __call__(self, handler: Handler, message: Any, actor: Actor = CLERK, **origin: Any) -> Any:
        work = self.work_as(actor, **{"request_key": str(new_id())} | origin)
        try:
            reply = await (handler(message, work, self.ask) if wants_ask(handler) else handler(message, work))
            await work.session.commit()
        finally:
            await work.session.close()
        self.emitted.extend(work.emitted)
        return reply


@pytest.fixture
def desk(work_as: Callable[..., UnitOfWork]) -> Desk:
    return Desk(work_as)

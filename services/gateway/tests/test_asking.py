"""Several owners asked together for one answer."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from services.gateway.deps import Asking
from shared.contracts.agents.agents import AgentNotFound, GetAgent
from shared.contracts.agents.commissions import GetStatement
from shared.kernel.problems import Forbidden
from shared.messaging.rpc import RawReply


class Asks:
    """Refuses both: the second at once, the first only after that."""

    def __init__(self) -> None:
        self.second_said = asyncio.Event()

    async def __call__(self, request: Any, /, *, key: str | None = None) -> Any:
        raise NotImplementedError

    async def forward(self, request: Any, /, *, key: str | None = None) -> RawReply:
        if isinstance(request, GetStatement):
            self.second_said.set()
            raise Forbidden
        await self.second_said.wait()
        raise AgentNotFound


async def test_of_two_refusals_the_first_in_order_is_the_answer_whoever_was_quicker() -> None:
    scope = {"type": "http", "headers": [], "courtier.asks": 0}

    with pytest.raises(AgentNotFound):
        await Asking(Asks(), Request(scope), None).forward_all(GetAgent(), GetStatement())

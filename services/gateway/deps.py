"""The few things a route may need: `Asked[...]` and `Sent[...]` from `filling`, and `Ask`, to ask the owner with."""

import asyncio
import re
from typing import Annotated, Any, Protocol

from fastapi import Depends
from starlette.requests import Request

from services.gateway.filling import Asked, Sent
from services.gateway.problems import IdempotencyKeyInvalid
from shared.contracts.base import Command, Reply
from shared.contracts.base import Request as Contract
from shared.kernel import clock
from shared.messaging.callers import TokenInvalid, bearer
from shared.messaging.origin import Origin
from shared.messaging.rpc import RawReply

__all__ = ["Ask", "Asked", "Asking", "Sent", "VisitorAsk", "token_of"]
KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")
TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")


class Asks(Protocol):
    """What asks on behalf of one request: the RPC client, or a test's stand-in."""

    async def __call__(self, request: Contract[Reply], /, *, key: str | None = None) -> Reply:
        """Return the owner's answer, or raise the owner's problem."""
        ...

    async def forward(self, request: Contract[Any], /, *, key: str | None = None) -> RawReply:
        """Return the owner's answer as the bytes it sent, or raise the owner's problem."""
        ...


class Asking:
    """Asks the owners on behalf of one HTTP request: with its token, its idempotency key and its one moment."""

    __slots__ = ("_asks", "_key", "_request", "_token")

    def __init__(self, asks: Asks, request: Request, token: str | None) -> None:
        self._asks, self._request, self._token = asks, request, token
        self._key = _idempotency_key(request)

    async def __call__(self, contract: Contract[Reply], /) -> Reply:
        """Return the owner's answer as its contract. Raises the owner's problem."""
        self._count()
        reply = await self._asks(contract, key=self._key_for(contract))
        self._trust()
        return reply

    async def forward(self, contract: Contract[Any], /) -> RawReply:
        """Return the owner's answer as the bytes it sent. Raises the owner's problem."""
        self._count()
        reply = await self._asks.forward(contract, key=self._key_for(contract))
        self._trust()
        return reply

    async def forward_all(self, *contracts: Contract[Any]) -> list[RawReply]:
        """Return the owners' answers, asked together.

        Raises the problem of the first in order that has one, whoever was quicker: one question, one answer.
        """
        asked = (self.forward(contract) for contract in contracts)
        replies: list[RawReply] = []
        for reply in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(reply, BaseException):
                raise reply
            replies.append(reply)
        return replies

    def _key_for(self, contract: Contract[Any]) -> str | None:
        return self._key if isinstance(contract, Command) and contract.keyed else None

    def _count(self) -> None:
        self._request.scope["courtier.asks"] += 1

    def _trust(self) -> None:
        """An owner has answered, so it found the token good: its account may have a bucket of its own."""
        if self._token:
            self._request.app.state.callers_known.accept(self._token)


async def _asking(request: Request) -> Asking:
    token = token_of(request)
    return Asking(request.app.state.asks(_origin(request, token)), request, token)


async def _asking_as_visitor(request: Request) -> Asking:
    """Sessions are opened and ended without a token: one that has expired must not stand in the way of a new one."""
    return Asking(request.app.state.asks(_origin(request, None)), request, None)


def _origin(request: Request, token: str | None) -> Origin:
    scope = request.scope
    return Origin(
        as_of=clock.now(),
        correlation_id=scope["courtier.request_id"],
        traceparent=scope["courtier.traceparent"],
        token=token,
    )


def token_of(request: Request) -> str | None:
    """Return the caller's access token, unverified. Raises TokenInvalid for what can be none."""
    token = bearer(request.headers.get("authorization"))
    if token is not None and not TOKEN.fullmatch(token):
        raise TokenInvalid
    return token


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return key


Ask = Annotated[Asking, Depends(_asking)]
VisitorAsk = Annotated[Asking, Depends(_asking_as_visitor)]

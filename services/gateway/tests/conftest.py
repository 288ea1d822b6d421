from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from services.gateway import examples
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.contracts.base import Request
from shared.contracts.values import Done
from shared.messaging.origin import Origin
from shared.messaging.rpc import RawReply
from shared.testing import answering

KINDS = ("reads", "writes", "sign_ins", "images")
UNLIMITED: dict[str, Any] = {f"{kind}_per_minute": 0 for kind in KINDS}


@dataclass
class Owners:
    """Stand in for all services: each request is answered with its example unless a test says otherwise."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Request[Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    replayed: bool = False

    def on_behalf_of(self, origin: Origin) -> "Asks":
        self.origins.append(origin)
        return Asks(self)


@dataclass
class Asks:
    owners: Owners

    async def __call__(self, request: Request[Any], /, *, key: str | None = None) -> Any:
        self.owners.asked.append(request)
        self.owners.keys.append(key)
        name = type(request).__name__
        return await answering(**{name: self.owners.answers.get(name, _example_of(request))})(request, key=key)

    async def forward(self, request: Request[Any], /, *, key: str | None = None) -> RawReply:
        reply: BaseModel = await self(request, key=key)
        return RawReply(reply.model_dump_json().encode(), self.owners.replayed)


def _example_of(request: Request[Any]) -> BaseModel:
    reply = type(request).reply_type()
    return Done() if reply is Done else reply.model_validate(examples.answered(reply))


@pytest.fixture
def owners() -> Owners:
    return Owners()


@pytest.fixture
def app_with(owners: Owners) -> Callable[..., FastAPI]:
    """Return a maker of gateways whose questions the stand-in answers."""

    def make(**settings: Any) -> FastAPI:
        app = create_app(Settings(**(UNLIMITED | settings)))
        app.state.asks = owners.on_behalf_of
        return app

    return make


@pytest.fixture
def client_of() -> Callable[..., httpx.AsyncClient]:
    """Return a maker of clients of an app; `address` is where they come from."""

    def make(app: FastAPI, address: str = "203.0.113.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, client=(address, 1234), raise_app_exceptions=True)
        return httpx.AsyncClient(transport=transport, base_url="http://gateway")

    return make


@pytest.fixture
def app(app_with: Callable[..., FastAPI]) -> FastAPI:
    return app_with()


@pytest.fixture
async def http(app: FastAPI, client_of: Callable[..., httpx.AsyncClient]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
def example() -> Callable[..., Any]:
    """Return a maker of values as the documentation shows them, with changes."""

    def make(model: type[BaseModel], **changes: Any) -> BaseModel:
        return model.model_validate(examples.answered(model)).model_copy(update=changes)

    return make

"""The gateway's one connection to NATS: opened in the background, never given up, honest about being away."""

import asyncio
from contextlib import suppress
from typing import Any

import nats.errors
from nats.aio.client import Client

from services.gateway.settings import Settings
from shared.contracts.base import Reply, Request
from shared.messaging import bus
from shared.messaging.origin import Origin
from shared.messaging.rpc import RpcClient
from shared.stopping import ended

NAME = "gateway"
FIRST_TRY = 2.0  # seconds a start waits for the broker before it serves without


class Connection:
    """Connects to NATS and asks through it. While the broker is away every ask is refused at once."""

    def __init__(self, settings: Settings) -> None:
        self.nc = Client()
        self._settings = settings
        self._connecting: asyncio.Task[None] | None = None

    def asks(self, origin: Origin) -> RpcClient:
        """Return what asks on behalf of one request."""
        return RpcClient(self.nc, origin)

    async def ask(self, request: Request[Reply]) -> Reply:
        """Return the answer to what the gateway itself wants to know, such as identity's keys."""
        return await self.asks(Origin())(request)

    async def open(self) -> None:
        """Connect. A broker that is away does not keep the gateway from starting: it answers 503 until it is back."""
        self._connecting = asyncio.create_task(self.nc.connect(**self._options()))
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_TRY):
                await asyncio.shield(self._connecting)

    async def close(self) -> None:
        """Let go of the broker, connected or not."""
        if self._connecting:
            await ended(self._connecting)
        await self.nc.close()

    async def trouble(self) -> str | None:
        """Tell in a sentence what is wrong with the connection; None when NATS answers within a second."""
        if not self.nc.is_connected:
            return "NATS cannot be reached; look whether it runs and whether COURTIER_NATS_URL is right."
        try:
            await self.nc.flush(timeout=1)
        except (nats.errors.Error, OSError):
            return "NATS did not answer within 1 s."
        return None

    def _options(self) -> dict[str, Any]:
        login = {"user": self._settings.nats_user, "password": self._settings.nats_password.get_secret_value()}
        given = login if self._settings.nats_user else {}
        return bus.options(self._settings, NAME) | given | {"disconnected_cb": self._lost}

    async def _lost(self) -> None:
        """Refuse at once whoever waits for an answer that the lost connection can no longer bring."""
        waiting: dict[str, asyncio.Future[Any]] = getattr(self.nc, "_resp_map", {})
        for future in list(waiting.values()):
            if not future.done():
                future.set_exception(nats.errors.StaleConnectionError())

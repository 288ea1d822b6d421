"""What a process tells its operators over HTTP: alive, ready, measured."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from faststream.asgi import AsgiResponse, get
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, a sentence when not."""
PATIENCE = 2.0  # seconds a check may take
JSON = {"content-type": "application/json"}


class Health:
    """The checks of one process, and whether it is leaving."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self.checks = dict(checks)
        self.leaving = False

    def leave(self) -> None:
        """Say not ready from now on."""
        self.leaving = True

    async def troubles(self) -> dict[str, str]:
        """Return what keeps the process from doing its work, a sentence by check; empty when ready."""
        if self.leaving:
            return {"process": "It is shutting down; ask another replica."}
        found = await asyncio.gather(*(self._try(check) for check in self.checks.values()))
        return {name: trouble for name, trouble in zip(self.checks, found, strict=True) if trouble}

    async def _try(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await check()
        except TimeoutError:
            return f"It did not answer within {PATIENCE:.0f} s."
        except Exception as error:  # a check that fails is an answer: not ready
            return f"{type(error).__name__}: {error}"

    def routes(self) -> list[tuple[str, Any]]:
        """Return /livez, /readyz and /metrics as ASGI routes."""

        @get(include_in_schema=False)
        async def livez(scope: Any) -> AsgiResponse:
            return AsgiResponse(b'{"alive": true}', 200, JSON)

        @get(include_in_schema=False)
        async def readyz(scope: Any) -> AsgiResponse:
            troubles = await self.troubles()
            body = json.dumps({"ready": not troubles, "troubles": troubles}).encode()
            return AsgiResponse(body, 503 if troubles else 200, JSON)

        @get(include_in_schema=False)
        async def metrics(scope: Any) -> AsgiResponse:
            return AsgiResponse(generate_latest(), 200, {"content-type": CONTENT_TYPE_LATEST})

        return [("/livez", livez), ("/readyz", readyz), ("/metrics", metrics)]

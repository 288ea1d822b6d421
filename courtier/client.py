"""A small client of Courtier's HTTP API: keys, versions, pages, and patience when told to wait."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

TRIES = 8


class Refused(Exception):
    """The API said no; the message is its problem's own sentence."""


class Api:
    """One caller of the API; signed in once `sign_in` has been called."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=30)

    async def __aenter__(self) -> "Api":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def sign_in(self, email: str, password: str) -> None:
        """Open a session; every later call is made in this account's name."""
        tokens = await self._send("POST", "/v1/sessions", json={"email": email, "password": password})
        self.http.headers["Authorization"] = f"Bearer {tokens.json()['access_token']}"

    async def bootstrap(self, secret: str, email: str, name: str, password: str) -> None:
        """Create the first admin, for whoever holds the bootstrap secret."""
        body = {"secret": secret, "email": email, "name": name, "password": password}
        await self._send("POST", "/v1/bootstrap", json=body)

    async def put(self, path: str, body: dict[str, Any]) -> None:
        """Set something that needs no version."""
        await self._send("PUT", path, json=body)

    async def post(self, path: str, body: dict[str, Any]) -> None:
        """Do something that needs no key, since repeating it changes nothing more."""
        await self._send("POST", path, json=body)

    async def create(self, path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create something once: repeated with the same key, the answer is the first one's."""
        answer = await self._send("POST", path, json=body, headers={"Idempotency-Key": key})
        created: dict[str, Any] = answer.json()
        return created

    async def edit(self, method: str, path: str, body: dict[str, Any], read_from: str | None = None) -> None:
        """Edit something as it stands now: its ETag is read first and sent along."""
        current = await self._send("GET", read_from or path)
        await self._send(method, path, json=body, headers={"If-Match": current.headers["ETag"]})

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """Read one thing."""
        found: dict[str, Any] = (await self._send("GET", path, params=query)).json()
        return found

    async def every(self, path: str, **query: str) -> AsyncIterator[dict[str, Any]]:
        """Read a list to its end, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit="100", **query, **cursor)
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        for tries_left in range(TRIES, 0, -1):
            answer = await self.http.request(method, path, **request)
            if answer.is_success:
                return answer
            wait = answer.headers.get("Retry-After")
            if wait is None or tries_left == 1:
                break
            await asyncio.sleep(float(wait))
        raise Refused(f"{method} {path}: {_sentence(answer)}")


def _sentence(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    faults = "; ".join(f"{error['pointer']}: {error['message']}" for error in problem.get("errors", ()))
    return f"{problem.get('detail')} {faults}".strip()

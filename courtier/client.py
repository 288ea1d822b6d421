"""A small client of Courtier's HTTP API: keys, versions, pages, patience when told to wait, and sessions that last."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

TRIES = 8
BLOCK = 256 * 1024
EARLY = 60.0  # seconds before its end that an access token is exchanged, a quarter of its life at most
KEPT_SECONDS = 2.0  # that an idle connection is kept


class Refused(Exception):
    """The API said no; the message is its problem's own sentence."""


@dataclass(frozen=True)
class Session:
    """Whose session it is, what it is prolonged with, and when that is due."""

    email: str
    password: str = field(repr=False)
    refresh_token: str = field(repr=False)
    due: float


class Api:
    """One caller of the API; signed in once `sign_in` has been called, and then for as long as it is used.

    `ticks` tells the seconds of a clock that goes on while the machine sleeps.
    """

    def __init__(self, url: str, ticks: Callable[[], float] = time.time) -> None:
        # The gateway lets go of a connection after five idle seconds; whoever is first must not be sending by then.
        self.http = httpx.AsyncClient(base_url=url, timeout=30, limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS))
        self._ticks = ticks
        self._session: Session | None = None
        self._prolonging = asyncio.Lock()

    async def __aenter__(self) -> "Api":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def sign_in(self, email: str, password: str) -> None:
        """Open a session; every later call is made in this account's name."""
        answer = await self._sent("POST", "/v1/sessions", json={"email": email, "password": password})
        self._hold(email, password, answer.json())

    async def bootstrap(self, secret: str, email: str, name: str, password: str) -> None:
        """Create the first admin, for whoever holds the bootstrap secret."""
        body = {"secret": secret, "email": email, "name": name, "password": password}
        await self._send("POST", "/v1/bootstrap", json=body)

    async def put(self, path: str, body: dict[str, Any], version: int | None = None) -> None:
        """Set something; `version` is the one it replaces, where there is one."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        await self._send("PUT", path, json=body, headers=headers)

    async def post(self, path: str, body: dict[str, Any]) -> None:
        """Do something that needs no key, since repeating it changes nothing more."""
        await self._send("POST", path, json=body)

    async def create(self, path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create something once: repeated with the same key, the answer is the first one's."""
        answer = await self._send("POST", path, json=body, headers={"Idempotency-Key": key})
        created: dict[str, Any] = answer.json()
        return created

    async def upload(self, file: Path, key: str) -> dict[str, Any]:
        """Send a file; return its upload. Repeated with the same key and file it is one upload."""
        sent = {"content": _Blocks(file), "params": {"name": file.name[-200:]}, "headers": {"Idempotency-Key": key}}
        made: dict[str, Any] = (await self._send("POST", "/v1/uploads", **sent)).json()
        return made

    async def edit(self, method: str, path: str, body: dict[str, Any], read_from: str | None = None) -> None:
        """Edit something as it stands now: its ETag is read first and sent along."""
        current = await self._send("GET", read_from or path)
        await self._send(method, path, json=body, headers={"If-Match": current.headers["ETag"]})

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """Read one thing."""
        found: dict[str, Any] = (await self._send("GET", path, params=query)).json()
        return found

    async def send_file(self, file: Path, key: str) -> dict[str, Any]:
        """Send a file; return its upload. Repeated with the same key and file it is one upload."""
        sent = {"content": _Blocks(file), "params": {"name": file.name[-200:]}, "headers": {"Idempotency-Key": key}}
        made: dict[str, Any] = (await self._send("POST", "/v1/uploads", **sent)).json()
        return made

    async def download(self, path: str, target: Path, **query: str) -> int:
        """Write what is answered into a file as it comes, and return how many bytes that were.

        What came before a break is not left behind: a part of a file looks like the whole.
        """
        await self._prolong_if_due()
        part = target.with_name(f"{target.name}.part")
        try:
            async with self.http.stream("GET", path, params=query) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise Refused(f"GET {path}: {_sentence(answer)}")
                with await asyncio.to_thread(part.open, "wb") as file:
                    size = sum([file.write(block) async for block in answer.aiter_bytes()])
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size

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
        await self._prolong_if_due()
        return await self._sent(method, path, **request)

    async def _prolong_if_due(self) -> None:
        if self._is_due():
            async with self._prolonging:  # a refresh token is good once: of many calls at a time one shows it
                if self._session and self._is_due():
                    await self._prolong(self._session)

    def _is_due(self) -> bool:
        return self._session is not None and self._ticks() >= self._session.due

    async def _prolong(self, session: Session) -> None:
        """Exchange the refresh token; where the session is over (its answer was lost, say), begin another one."""
        try:
            answer = await self._sent("POST", "/v1/sessions/refresh", json={"refresh_token": session.refresh_token})
        except Refused:
            await self.sign_in(session.email, session.password)
        else:
            self._hold(session.email, session.password, answer.json())

    def _hold(self, email: str, password: str, tokens: dict[str, Any]) -> None:
        life = tokens["expires_in"]
        self._session = Session(email, password, tokens["refresh_token"], self._ticks() + life - min(EARLY, life / 4))
        self.http.headers["Authorization"] = f"Bearer {tokens['access_token']}"

    async def _sent(self, method: str, path: str, **request: Any) -> httpx.Response:
        for tries_left in range(TRIES, 0, -1):
            answer = await self.http.request(method, path, **request)
            if answer.is_success:
                return answer
            wait = answer.headers.get("Retry-After")
            if wait is None or tries_left == 1:
                break
            await asyncio.sleep(float(wait))
        raise Refused(f"{method} {path}: {_sentence(answer)}")


class _Blocks:
    """The bytes of a file, from its beginning each time they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with await asyncio.to_thread(self._path.open, "rb") as file:
            while block := file.read(BLOCK):
                yield block


def _sentence(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    faults = "; ".join(f"{error['pointer']}: {error['message']}" for error in problem.get("errors", ()))
    return f"{problem.get('detail')} {faults}".strip()

"""A FastAPI route whose dependencies are few and plain, called without FastAPI's general solver.

The solver, its exit stacks and its response fields cost several times what the rest of a request costs, each time.
FastAPI still reads the signature; what a route may not need is refused at import.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.filling import Filling, FromQuery, unknown_field
from services.gateway.problems import written
from shared.contracts.values import Contract
from shared.kernel.problems import Problem

Source = Callable[[Request], Awaitable[Any]]
Endpoint = Callable[..., Awaitable[ASGIApp]]  # a Response is one
Refusals = dict[int | str, dict[str, Any]]


class Route(APIRoute):
    """One operation: its dependencies are coroutines of the request, its answer is a Response."""

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:
        super().__init__(path, endpoint, **options | {"response_model": None})
        self.beginning = path.partition("{")[0]
        self.sources = _sources(self)
        self.filling = next((source for source in self.sources.values() if isinstance(source, Filling)), None)
        self.takes_query = isinstance(self.filling, FromQuery)
        self.app = self._app(endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether this route fits; most that do not are told by how their path begins."""
        if scope["type"] != "http" or not scope["path"].startswith(self.beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def _app(self, endpoint: Endpoint) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive, send)
            try:
                if scope["query_string"] and not self.takes_query:
                    name = next(iter(request.query_params), "")
                    raise unknown_field(name, "This operation takes no query parameters.")
                given = {name: await source(request) for name, source in self.sources.items()}
                answer: ASGIApp = await endpoint(**given)
            except Problem as problem:
                answer = written(problem, request)
            await answer(scope, receive, send)

        return app


def _sources(route: Route) -> dict[str, Source]:
    """Return where each parameter of a route comes from. Raises TypeError for what a route may not need."""
    dependant = route.dependant
    sources: dict[str, Source] = {}
    for dependency in dependant.dependencies:
        if dependency.dependencies or dependency.name is None or dependency.call is None:
            raise TypeError(f"{route.path}: a dependency of a route is one coroutine of the request")
        sources[dependency.name] = dependency.call
    if dependant.request_param_name:
        sources[dependant.request_param_name] = _itself
    if dependant.path_params or dependant.query_params or dependant.body_params or dependant.header_params:
        raise TypeError(f"{route.path}: what a route needs comes by Asked[...], Sent[...], Ask or the Request")
    return sources


async def _itself(request: Request) -> Request:
    return request


def resource(path: str, tag: str) -> APIRouter:
    """Return a router for one resource of the public API."""
    return APIRouter(prefix=f"/v1{path}", tags=[tag], route_class=Route)


def answering(reply: type[BaseModel], asks: tuple[type[Contract], ...]) -> dict[str, Any]:
    """Say what an operation answers that passes on more than one reply, and what it asks for it."""
    return {"reply": reply, "asks": asks}


def refusing(*problems: type[Problem]) -> Refusals:
    """Name the problems of its own that an operation may answer; those that all may answer are understood."""
    by_status: Refusals = {}
    for problem in problems:
        by_status.setdefault(problem.status, {"problems": []})["problems"].append(problem)
    return by_status

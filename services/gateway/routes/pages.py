"""/, /openapi.json, /docs, /problems: how the API explains itself."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import JSON
from services.gateway.problems import RouteNotFound
from services.gateway.routing import Route
from shared.kernel.problems import Problem

STATIC = Path(__file__).parents[1] / "static"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
router = APIRouter(route_class=Route, include_in_schema=False)


@router.get("/")
async def index(request: Request) -> Response:
    """List where to go from here."""
    base = request.app.state.settings.public_url.rstrip("/")
    links = {"documentation": "/docs", "openapi": "/openapi.json", "problems": "/problems"}
    body = {"name": "Courtier", "version": request.app.version, "links": {key: base + at for key, at in links.items()}}
    return Response(to_json(body), media_type=JSON)


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    """Describe every operation, in OpenAPI 3.1."""
    return _unchanging(request.app.state.openapi(), JSON)


@router.get("/docs")
async def documentation(request: Request) -> Response:
    """Show the documentation page."""
    return _unchanging(*_file("index.html"))


@router.get("/docs/{name}")
async def documentation_file(request: Request) -> Response:
    """Serve a part of the documentation page."""
    name = request.path_params["name"]
    if name not in _names():
        raise RouteNotFound
    return _unchanging(*_file(name))


@router.get("/problems")
async def list_problems(request: Request) -> Response:
    """List every problem an answer may be."""
    problems = [_described(Problem.registry[code]) for code in sorted(Problem.registry)]
    return _unchanging(to_json({"items": problems, "next": None}), JSON)


@router.get("/problems/{name}")
async def get_problem(request: Request) -> Response:
    """Explain one problem, at the address its `type` names."""
    kind = Problem.registry.get(request.path_params["name"].upper().replace("-", "_"))
    if kind is None:
        raise RouteNotFound("There is no problem of this name; GET /problems lists them.")
    return _unchanging(to_json(_described(kind)), JSON)


def _described(kind: type[Problem]) -> dict[str, object]:
    described = {"type": kind.type_uri(), "title": kind.title(), "status": kind.status, "code": kind.code}
    return described | {"detail": " ".join((kind.__doc__ or "").split())}


def _unchanging(body: bytes, media_type: str) -> Response:
    return Response(body, 200, {"ETag": f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'}, media_type)


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in STATIC.iterdir() if path.suffix in TYPES)


@cache
def _file(name: str) -> tuple[bytes, str]:
    path = STATIC / name
    return path.read_bytes(), TYPES[path.suffix]

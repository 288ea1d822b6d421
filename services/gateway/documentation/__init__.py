"""The description of the API in OpenAPI 3.1, made from the routes and the contracts they ask with."""

from collections import Counter
from functools import cached_property
from itertools import count
from typing import Any

from fastapi import FastAPI
from pydantic_core import to_json

from services.gateway.documentation import texts
from services.gateway.documentation.operations import Operation, path_names
from services.gateway.documentation.parts import EXAMPLES, HEADERS, PARAMETERS, PROBLEM
from services.gateway.documentation.schemas import Schemas
from services.gateway.routing import Route


class Documentation:
    """Describes an app, once, when somebody first asks."""

    def __init__(self, app: FastAPI, public_url: str) -> None:
        self._app, self._public_url = app, public_url

    def document(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return self._document

    def written(self) -> bytes:
        """Return the document as it is sent."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        return to_json(self._document)

    @cached_property
    def _document(self) -> dict[str, Any]:
        operations = [Operation(route) for route in self._routes()]
        schemas = Schemas(operations)
        paths: dict[str, dict[str, Any]] = {}
        for operation in operations:
            paths.setdefault(operation.route.path, {})[operation.method] = operation.described(schemas)
        responses = _shared(paths)
        return {
            "openapi": "3.1.0",
            "info": texts.INFO | {"version": self._app.version},
            "servers": [{"url": self._public_url.rstrip("/") or "/"}],
            "tags": [{"name": name, "description": text} for name, text in texts.TAGS.items()],
            "paths": {path: paths[path] for path in sorted(paths, key=_place)},
            "components": {
                "schemas": schemas.components() | {"Problem": PROBLEM},
                "responses": responses,
                "parameters": PARAMETERS,
                "headers": HEADERS,
                "examples": EXAMPLES(),
                "securitySchemes": {"bearer": texts.BEARER},
            },
        }

    def _routes(self) -> list[Route]:
        found = self._app.router.routes
        return [route for route in found if isinstance(route, Route) and route.include_in_schema]


def _shared(paths: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Put answers that several operations share in one place, refer to them, and return them by name."""
    said = [operation["responses"] for path in paths.values() for operation in path.values()]
    counts = Counter(to_json(answer) for answers in said for answer in answers.values())
    names: dict[bytes, str] = {}
    shared: dict[str, Any] = {}
    for answers in said:
        for status, answer in answers.items():
            text = to_json(answer)
            if counts[text] < 2 or status < "300":
                continue
            if text not in names:
                names[text] = _free_name(status, shared)
                shared[names[text]] = answer
            answers[status] = {"$ref": f"#/components/responses/{names[text]}"}
    return shared


def _free_name(status: str, shared: dict[str, Any]) -> str:
    return next(name for number in count(1) if (name := f"Refused{status}_{number}") not in shared)


def _place(path: str) -> tuple[str, int, str]:
    """Sort a resource's paths together, those with fewer names first."""
    return path.split("/")[2], len(path_names(path)), path

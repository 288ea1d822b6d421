"""One operation of the OpenAPI document: what it needs, what it answers, what it may refuse, who may ask."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from services.gateway import examples
from services.gateway.documentation import parts, texts
from services.gateway.documentation.schemas import Schemas
from services.gateway.filling import VERSION, FromBody
from services.gateway.problems import MEDIA_TYPE
from services.gateway.routing import Route
from shared.contracts.actor import Permission
from shared.contracts.base import Command, Envelope, Request
from shared.contracts.values import Contract, Done, Page
from shared.kernel.problems import Problem, Unavailable

Json = dict[str, Any]
OK = {200: "Here it is.", 201: "It was made.", 204: "It is done."}


def path_names(path: str) -> frozenset[str]:
    """Return the names a path has in braces."""
    return frozenset(re.findall(r"{(\w+)}", path))


class Operation:
    """What is said about one route."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.method = min(route.methods or ()).lower()
        self.extra: Json = route.openapi_extra or {}
        self.asked: type[Contract] | None = route.filling.contract if route.filling else None
        asks = self.extra.get("asks") or ([self.asked] if self.asked else [])
        self.asks: list[type[Request[Any]]] = [one for one in asks if issubclass(one, Request)]
        self.elsewhere = route.filling.elsewhere(path_names(route.path)) if route.filling else frozenset[str]()
        in_body = isinstance(route.filling, FromBody) and self.asked is not None
        self.has_body = in_body and bool(set(self.asked.model_fields) - self.elsewhere if self.asked else ())
        self.streams = bool(self.extra.get("streams"))
        # A download is written as it is sent: it has no ETag, since nobody knows it whole.
        self.downloads = "download" in self.extra
        self.media: str | None = self.extra.get("media") or self.extra.get("download")
        self.tagged = self.method == "get" and not (self.streams or self.downloads)
        self.reply = self._reply()
        self.status = route.status_code or 200

    def models(self) -> Iterable[tuple[type[BaseModel], JsonSchemaMode]]:
        """Return the models whose schemas this operation needs."""
        if self.asked:
            yield self.asked, "validation"
        if self.reply:
            yield self.reply, "serialization"

    def described(self, schemas: Schemas) -> Json:
        """Return the operation object."""
        described: Json = {
            "operationId": self.route.name,
            "tags": list(self.route.tags),
            "summary": (self.route.endpoint.__doc__ or "").strip().split("\n")[0].removesuffix("."),
            "description": self._description(),
            "security": self._security(),
            "x-permissions": self.permissions(),
            "parameters": self._parameters(schemas),
        }
        if takes := self.extra.get("takes"):
            file = {"schema": {"type": "string", "format": "binary"}, "example": "The bytes of a file."}
            described["requestBody"] = {"required": True, "content": {takes: file}}
        if self.has_body and self.asked:
            content = {"schema": schemas.reference(self.asked, "validation")}
            content["example"] = examples.sent(self.asked, self.elsewhere)
            described["requestBody"] = {"required": True, "content": {"application/json": content}}
            schemas.leave_out(self.asked, self.elsewhere)
        return described | {"responses": self._responses(schemas)}

    def permissions(self) -> list[list[str]]:
        """Return what a caller needs: one of each of these."""
        wanted = self.extra.get("permissions") or [contract.allow for contract in self.asks]
        return [sorted(one) for one in wanted if Permission.PUBLIC not in one]

    def problems(self) -> list[type[Problem]]:
        """Return every problem this operation may answer."""
        own = [kind for said in self.route.responses.values() for kind in said["problems"]]
        found: list[type[Problem]] = [*own, *parts.ALWAYS]
        found += parts.SIGNED_IN if not self._for_visitors() else ()
        found += (parts.FORBIDDEN,) if self.permissions() else ()
        found += parts.WITH_BODY if self.has_body else ()
        found += parts.WITH_KEY if self._keyed() else ()
        found += parts.WITH_VERSION if VERSION in self.elsewhere else ()
        return found

    def _reply(self) -> type[BaseModel] | None:
        if self.streams:
            return Envelope
        if self.media:
            return None
        reply = self.extra.get("reply") or (self.asks[0].reply_type() if self.asks else None)
        return None if reply is Done else reply

    def _keyed(self) -> bool:
        return any(issubclass(contract, Command) and contract.keyed for contract in self.asks)

    def _for_visitors(self) -> bool:
        return bool(self.asks) and all(
            issubclass(contract, Command) and contract.allow == {Permission.PUBLIC} for contract in self.asks
        )

    def _security(self) -> list[Json]:
        if self._for_visitors():
            return []
        wanted = self.permissions()
        if not wanted:
            return [{}, {"bearer": []}]
        return [{"bearer": [permission]} for permission in wanted[0]] if len(wanted) == 1 else [{"bearer": []}]

    def _description(self) -> str:
        said = [" ".join((contract.__doc__ or "").split()) for contract in self._documented()]
        wanted = " and ".join(" or ".join(f"`{one}`" for one in any_of) for any_of in self.permissions())
        said.append(f"Needs {wanted}." if wanted else "Anyone may ask.")
        if self.asks:
            said.append("Asks " + ", ".join(f"`{contract.subject}`" for contract in self.asks) + ".")
        return "\n\n".join(said)

    def _documented(self) -> list[type[BaseModel]]:
        return [self.extra["reply"]] if "reply" in self.extra else [self.asked] if self.asked else []

    def _parameters(self, schemas: Schemas) -> list[Json]:
        names = path_names(self.route.path)
        fields, required = schemas.fields(self.asked) if self.asked else ({}, frozenset[str]())
        shown = [name for name in fields if name in names or self.route.takes_query]
        found = [_parameter(name, fields[name], name in names, name in required) for name in shown]
        headers = ["IdempotencyKey"] if self._keyed() else []
        if VERSION in self.elsewhere and self.route.filling:
            headers += ["IfMatch" if self.route.filling.needs_version else "IfMatchToChange"]
        headers += ["LastEventId"] if self.streams else ["IfNoneMatch"] if self.tagged else []
        return found + [{"$ref": f"#/components/parameters/{name}"} for name in (*headers, "RequestId")]

    def _responses(self, schemas: Schemas) -> Json:
        responses: Json = {str(self.status): self._success(schemas)}
        if self.tagged:
            responses["304"] = {"description": "What you have is still so.", "headers": _headers("ETag", "RequestId")}
        by_status: dict[int, list[type[Problem]]] = {}
        for kind in self.problems():
            by_status.setdefault(kind.status, []).append(kind)
        for status in sorted(by_status):
            responses[str(status)] = _refusal(by_status[status])
        return responses

    def _success(self, schemas: Schemas) -> Json:
        success: Json = {"description": OK[self.status], "headers": _headers(*self._header_names(), "RequestId")}
        if self.streams:
            text = {"schema": {"type": "string"}, "example": examples.STREAM}
            return success | {"description": "Events, until you leave.", "content": {"text/event-stream": text}}
        if self.media:
            binary = {
                "schema": {"type": "string", "format": "binary"},
                "example": f"The bytes of an {self.media} file.",
            }
            success["content"] = {self.media: binary}
        if self.reply is not None:
            content = schemas.reference(self.reply, "serialization")
            success["content"] = {"application/json": {"schema": content, "example": examples.answered(self.reply)}}
        return success

    def _header_names(self) -> list[str]:
        paged = self.reply is not None and issubclass(self.reply, Page)
        versioned = self.reply is not None and "version" in self.reply.model_fields
        names = ["ETag"] if versioned or paged or (self.media and self.tagged) else []
        names += ["Link"] if paged else []
        names += ["Location"] if self.status == 201 and versioned else []
        return names + (["Replayed"] if self._keyed() else [])


def _parameter(name: str, schema: Json, in_path: bool, required: bool) -> Json:
    described = {key: value for key, value in schema.items() if key != "description"}
    known = texts.PARAMETERS | texts.IN_PATHS if in_path else texts.PARAMETERS
    said = schema.get("description") or known.get(name, "")
    place = "path" if in_path else "query"
    return {"name": name, "in": place, "required": in_path or required, "description": said, "schema": described}


def _refusal(kinds: list[type[Problem]]) -> Json:
    names = {kind.code: {"$ref": f"#/components/examples/{kind.code}"} for kind in kinds}
    waiting = [kind for kind in kinds if kind.retry_after is not None or kind is Unavailable]
    return {
        "description": ", ".join(f"`{code}`" for code in names),
        "headers": _headers("RetryAfter", "RequestId") if waiting else _headers("RequestId"),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": names}},
    }


def _headers(*names: str) -> Json:
    wire = {"RetryAfter": "Retry-After", "Replayed": "Idempotency-Replayed", "RequestId": "X-Request-Id"}
    return {wire.get(name, name): {"$ref": f"#/components/headers/{name}"} for name in names}

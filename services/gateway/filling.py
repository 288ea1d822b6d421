"""How a request over HTTP fills a contract: from its path, its query or body, and its headers. Strictly.

What a contract names, HTTP says in one place only: `id` of /v1/orders/{id} in the path, `expected_version` in If-Match,
`client_address` in the connection. The same field in a query or a body is as unknown as a misspelt one.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, TypeVar

from fastapi import Depends
from pydantic import ValidationError
from pydantic_core import from_json, to_json
from starlette.requests import ClientDisconnect, Request

from services.gateway.problems import BodyTooLarge, InvalidJson, TooDeep, UnsupportedMediaType
from shared.contracts.values import Contract
from shared.kernel.problems import FieldError, Malformed, PreconditionFailed, PreconditionRequired, pointer_to
from shared.messaging.wire import malformed

VERSION = "expected_version"
ADDRESS = "client_address"
# "3" as all resources give it, or "3.9f2c01ab" as those give it whose content changes between two versions.
ETAG = re.compile(r'"(\d{1,9})(?:\.[0-9a-f]+)?"')
NUMBER = re.compile(r"\d{1,18}")
# A string ends at its quote or at the end of the input, so that a scan never starts twice from the same place.
STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
LEAVES = re.compile(rb"[\[{][^\[\]{}]*+[\]}]")
NUL_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")

C = TypeVar("C", bound=Contract)


class Filling:
    """A dependency that fills one contract. The route tells it which names its path has."""

    place: ClassVar[str]

    def __init__(self, contract: type[Contract]) -> None:
        self.contract = contract

    def elsewhere(self, path_names: frozenset[str]) -> frozenset[str]:
        """Return the contract's fields that are neither in the query nor in the body."""
        return (path_names | {VERSION, ADDRESS}) & frozenset(self.contract.model_fields)

    @property
    def needs_version(self) -> bool:
        """Tell whether If-Match must be sent. Where it need not, the owner knows when there is nothing to match yet."""
        field = self.contract.model_fields.get(VERSION)
        return field is not None and field.is_required()

    async def __call__(self, request: Request) -> Contract:
        """Return the contract as this request fills it."""
        raise NotImplementedError


class FromQuery(Filling):
    """Fills a query from the path and the query string."""

    place = "query"

    async def __call__(self, request: Request) -> Contract:
        """Return the query. Raises Malformed naming each parameter that is unknown, given twice or not valid."""
        given: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            if name in given or name in request.path_params:
                raise unknown_field(name, "It is given twice." if name in given else "The path names it already.")
            given[name] = value
        _refuse_nul(given | request.path_params)
        try:
            return self.contract.model_validate_strings(given | request.path_params, extra="forbid")
        except ValidationError as error:
            raise malformed(error) from None


class FromBody(Filling):
    """Fills a command from the path, the JSON body, If-Match and the connection."""

    place = "body"

    async def __call__(self, request: Request) -> Contract:
        """Return the command. Raises what is wrong with body, path or If-Match."""
        elsewhere = self.elsewhere(frozenset(request.path_params))
        body = b"{}" if elsewhere == self.contract.model_fields.keys() else await _read(request)
        try:
            if elsewhere:
                body = self._completed(body, elsewhere, request)
            return self.contract.model_validate_json(body, strict=True, extra="forbid")
        except ValidationError as error:
            raise _explained(error) from None

    def _completed(self, body: bytes, elsewhere: frozenset[str], request: Request) -> bytes:
        """Return the body with what HTTP says elsewhere put in; a body that says it, too, is refused."""
        try:
            document = from_json(body, allow_inf_nan=False)
        except ValueError as error:
            raise InvalidJson(f"The body is not valid JSON: {error}.") from None
        if not isinstance(document, dict):
            return body
        if said_twice := elsewhere & document.keys():
            raise unknown_field(min(said_twice), "This is not said in the body, but in the path or a header.")
        _refuse_nul(request.path_params)
        document |= {name: self._typed(name, text) for name, text in request.path_params.items()}
        if_match = request.headers.get("if-match")
        if VERSION in elsewhere and (if_match is not None or self.needs_version):
            document[VERSION] = version_asked(if_match)
        if ADDRESS in elsewhere:
            document[ADDRESS] = request.scope["courtier.address"]
        return to_json(document)

    def _typed(self, name: str, text: str) -> str | int:
        """Return what a path says as JSON would say it; a number that is none stays a text and is refused as such."""
        wants_number = self.contract.model_fields[name].annotation is int
        return int(text) if wants_number and NUMBER.fullmatch(text) else text


def version_asked(if_match: str | None) -> int:
    """Return the version an If-Match names. Raises PreconditionRequired without one, PreconditionFailed for others."""
    if if_match is None or if_match.strip() == "*":
        raise PreconditionRequired
    named = ETAG.fullmatch(if_match.strip())
    if named is None:
        raise PreconditionFailed("If-Match must be one ETag as a GET of this resource answered it.")
    return int(named[1])


def too_deep(body: bytes, limit: int) -> bool:
    """Tell whether JSON is nested deeper than `limit`. Linear in the size of the body, whatever stands in it."""
    if body.count(b"[") + body.count(b"{") <= limit:
        return False
    bare = STRINGS.sub(b"", body)
    for _ in range(limit):
        bare, removed = LEAVES.subn(b"", bare)
        if not removed:
            break
    return b"[" in bare or b"{" in bare


async def _read(request: Request) -> bytes:
    """Return the body of a request, JSON within the limits of the settings."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    settings = request.app.state.settings
    body = await _received(request, settings.body_limit)
    if not body.strip():
        raise InvalidJson("The body is empty; send a JSON object.")
    if too_deep(body, settings.json_depth):
        raise TooDeep(f"The JSON of the body is nested deeper than {settings.json_depth} levels.")
    if b"\\u0000" in body and NUL_ESCAPE.search(body):
        raise InvalidJson("The body holds the character U+0000, which no text here may have.")
    return body


async def _received(request: Request, limit: int) -> bytes:
    too_large = BodyTooLarge(f"The body is larger than {limit} bytes; send less at once.", limit=limit)
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise too_large
    parts, size = [], 0
    try:
        async for part in request.stream():
            parts.append(part)
            size += len(part)
            if size > limit:
                raise too_large
    except ClientDisconnect:
        raise InvalidJson("The body ended too early.") from None
    return b"".join(parts)


def _explained(error: ValidationError) -> InvalidJson | Malformed:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return InvalidJson(f"The body is not valid JSON: {first['ctx']['error']}.")
    return malformed(error)


def unknown_field(name: str, message: str) -> Malformed:
    """Return the refusal of a field that does not belong where it stands."""
    return Malformed(errors=[FieldError(pointer_to(name), "EXTRA_FORBIDDEN", message)])


def _refuse_nul(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if "\x00" in text:
            raise Malformed(errors=[FieldError(f"/{name}", "NUL_CHARACTER", "No text here may have U+0000.")])


if TYPE_CHECKING:
    Asked: TypeAlias = Annotated[C, "a query"]
    Sent: TypeAlias = Annotated[C, "a command"]
else:

    class Asked:
        """`Asked[ListOrders]`: the query as path and query string fill it."""

        def __class_getitem__(cls, contract: type[Contract]) -> Any:
            return Annotated[contract, Depends(FromQuery(contract))]

    class Sent:
        """`Sent[PlaceOrder]`: the command as path, body and headers fill it."""

        def __class_getitem__(cls, contract: type[Contract]) -> Any:
            return Annotated[contract, Depends(FromBody(contract))]

"""An answer that is written already: joined from pieces kept as JSON, it is not built and written a second time."""

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

Reply = TypeVar("Reply", bound=BaseModel)


def ready(kind: type[Reply], body: bytes) -> Reply:
    """Return an answer whose JSON is `body`, as it is. It has no fields to be read: whoever wants them reads the JSON.

    `body` must be what a `kind` would write; the tests of the handler read it as one.
    """
    answer: Reply = object.__new__(_ready(kind))
    object.__setattr__(answer, "_body", body)
    return answer


def is_ready(answer: object) -> bool:
    """Tell whether an answer is one that was written already."""
    return hasattr(answer, "_body")


def written(answer: BaseModel) -> bytes:
    """Return an answer as JSON."""
    body: bytes | None = getattr(answer, "_body", None)
    return answer.model_dump_json().encode() if body is None else body


@cache
def _ready(kind: type[Reply]) -> type[Reply]:
    def model_dump_json(self: Any, **_: Any) -> str:
        return str(self._body, "utf-8")

    return type(f"Ready{kind.__name__}", (kind,), {"__slots__": ("_body",), "model_dump_json": model_dump_json})

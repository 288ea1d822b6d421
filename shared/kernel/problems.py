"""Problems: the business saying no. A problem is an answer, not a crash (RFC 9457)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: where (RFC 6901 JSON pointer), an upper-case code, what to do."""

    pointer: str
    code: str
    message: str


def pointer_to(*steps: object) -> str:
    """Return the JSON pointer along these steps, whatever signs are in them."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


class Problem(Exception):
    """An expected error. It crosses NATS and HTTP and is raised again as its own class on the other side.

    `detail` is a sentence for people that names the remedy; further facts go into `details` only.
    The class name gives the wire names: `OutOfStock` is code OUT_OF_STOCK and type /problems/out-of-stock.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "PROBLEM"
    registry: ClassVar[dict[str, type["Problem"]]] = {}
    retry_after: ClassVar[int | None] = None  # seconds, for answers worth repeating

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()
        if Problem.registry.setdefault(cls.code, cls) is not cls:
            raise TypeError(f"the problem {cls.code} is declared twice")

    def __init__(self, detail: str = "", /, *, errors: Sequence[FieldError] = (), **details: Any) -> None:
        super().__init__(detail)
        self.detail = detail or (self.__doc__ or "").split("\n")[0]
        self.errors = tuple(errors)
        self.details = details
        self.trace_id: str | None = None

    @classmethod
    def type_uri(cls) -> str:
        """Return the problem's relative type URI."""
        return f"/problems/{cls.code.lower().replace('_', '-')}"

    @classmethod
    def title(cls) -> str:
        """Return the problem's name in words."""
        return cls.code.replace("_", " ").capitalize()

    def to_dict(self) -> dict[str, Any]:
        """Return the RFC 9457 document, JSON-ready once its details are."""
        document: dict[str, Any] = {
            "type": self.type_uri(),
            "title": self.title(),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [asdict(error) for error in self.errors]
        if self.details:
            document["details"] = self.details
        return document | {"trace_id": self.trace_id}

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> "Problem":
        """Return the problem a document describes, by its own class where this side knows it.

        A code unknown here (a newer service) keeps its status: the closest kind of that status stands in for it.
        """
        known = Problem.registry.get(document["code"]) or KIND_BY_STATUS.get(document["status"], InternalError)
        errors = [FieldError(error["pointer"], error["code"], error["message"]) for error in document.get("errors", ())]
        problem = known(document["detail"], errors=errors)
        # Not as arguments: a fact may have the name of one.
        problem.details = dict(document.get("details", {}))
        problem.trace_id = document.get("trace_id")
        return problem


class BadRequest(Problem):
    """The request cannot be understood; see detail."""

    status = 400


class Unauthorized(Problem):
    """Sign in first: send a valid access token in the Authorization header."""

    status = 401


class Forbidden(Problem):
    """Your roles do not include this permission."""

    status = 403


class NotFound(Problem):
    """There is nothing here that you may see."""

    status = 404


class Conflict(Problem):
    """The present state does not allow this; read it again and decide anew."""

    status = 409


class PreconditionFailed(Problem):
    """It changed since you read it: read it again, then repeat your edit with the new ETag."""

    status = 412


class Malformed(Problem):
    """Some fields are not valid; errors[] names each one."""

    status = 422


class PreconditionRequired(Problem):
    """An edit needs the If-Match header with the ETag you last read."""

    status = 428


class TooManyRequests(Problem):
    """Too many requests; wait for the number of seconds in Retry-After."""

    status = 429
    retry_after = 10


class InternalError(Problem):
    """Something failed on our side; it was recorded under this trace_id."""

    status = 500


class Unavailable(Problem):
    """A part of the system is not answering; the same request can be sent again shortly."""

    status = 503
    retry_after = 1


class IdempotencyKeyRequired(BadRequest):
    """Send an Idempotency-Key header: any unique text, the same one when you repeat this very request."""


class IdempotencyMismatch(Malformed):
    """This Idempotency-Key was already used with another body; use a new key for a new request."""


KIND_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        PreconditionFailed,
        Malformed,
        PreconditionRequired,
        TooManyRequests,
        InternalError,
        Unavailable,
    )
}

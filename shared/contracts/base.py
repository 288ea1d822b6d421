"""What a message is. Every contract is a Command, a Query or an Event; a declaration error is an import error."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, SerializeAsAny

from shared.contracts.actor import ActorRef, Permission
from shared.contracts.values import Contract

__all__ = ["Command", "Contract", "Envelope", "Event", "Message", "Query", "Reply", "Request"]

Reply = TypeVar("Reply", bound=BaseModel)
ANY_SERVICE = "*"
GATEWAY = frozenset({"gateway"})


class Message(Contract):
    """Anything that travels: `subject` is its address, written in full; its first word is the owner."""

    prefix: ClassVar[str]
    subject: ClassVar[str]
    owner: ClassVar[str]
    registry: ClassVar[dict[str, type["Message"]]] = {}

    @classmethod
    def _declare(cls, subject: str) -> None:
        cls.owner = subject.split(".")[0]
        cls.subject = f"{cls.prefix}.{subject}"
        declared = cls.registry.setdefault(cls.subject, cls)
        if declared is not cls and declared.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.subject} is declared twice: {declared.__name__} and {cls.__name__}")


class Request(Message, Generic[Reply]):
    """A message with one handler and one reply.

    `allow`: the permissions of which the caller needs one. `asked_by`: the services that may send it; "*" is every one
    that owns contracts. `timeout`: seconds the asker waits at most. An owner of "*" is every service; `service` then
    names the one asked.
    """

    prefix = "rpc"
    allow: ClassVar[frozenset[str]] = frozenset()
    asked_by: ClassVar[frozenset[str]] = GATEWAY
    timeout: ClassVar[float] = 5.0

    def __init_subclass__(
        cls,
        subject: str = "",
        allow: Iterable[str] = (),
        asked_by: Iterable[str] = GATEWAY,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if not subject:
            return
        cls._declare(subject)
        cls.allow, cls.asked_by = frozenset(allow), frozenset(asked_by)
        if not cls.allow:
            raise TypeError(f"{cls.__name__} must say who may send it: allow={{Permission...}}")
        callers = {name.removeprefix("service:") for name in cls.allow if name.startswith("service:")}
        if callers and (not callers <= cls.asked_by or "gateway" in cls.asked_by):
            raise TypeError(f"{cls.__name__} lets services ask unaccompanied, so only they may be asked_by")

    @classmethod
    def reply_type(cls) -> type[Reply]:
        """Return the class of the answer, as declared: `Query[OrderView]` answers an OrderView."""
        declared = (getattr(base, "__pydantic_generic_metadata__", {}).get("args") for base in cls.__mro__)
        reply: type[Reply] = next(args for args in declared if args)[0]
        return reply

    def address(self) -> str:
        """Return the subject this request is sent to."""
        return self.subject.replace(ANY_SERVICE, getattr(self, "service", ""))


class Command(Request[Reply], Generic[Reply]):
    """Asks its owner to change something.

    `keyed`: it creates, or moves money or stock, so it needs an idempotency key; repeated with the same key and
    body it changes nothing more and gets the same answer. `sealed`: its reply holds tokens and is never stored.
    """

    keyed: ClassVar[bool] = True
    sealed: ClassVar[bool] = False

    def __init_subclass__(cls, keyed: bool = True, sealed: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.keyed, cls.sealed = keyed and not sealed, sealed
        if cls.keyed and Permission.PUBLIC in cls.allow:
            # Visitors share one name: two of them with the same key would read each other's answers.
            raise TypeError(f"{cls.__name__} is keyed, so nobody may send it without signing in")


class Query(Request[Reply], Generic[Reply]):
    """Asks its owner a question. Changes nothing."""


class Event(Message):
    """States a fact its owner has committed. Named in the past tense, heard by anyone.

    `aggregate` is the path to the id of what changed ("order.id"); its `version` stands beside the id.
    """

    prefix = "events"
    aggregate: ClassVar[str]

    def __init_subclass__(cls, subject: str = "", aggregate: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not subject:
            return
        cls._declare(subject)
        if not aggregate.endswith("id"):
            raise TypeError(f"{cls.__name__} must name its aggregate, such as aggregate='order.id'")
        cls.aggregate = aggregate

    @classmethod
    def type(cls) -> str:
        """Return the event's type: its subject without the prefix."""
        return cls.subject.removeprefix("events.")

    def aggregate_id(self) -> UUID:
        """Return the id of what changed."""
        found: UUID = self._at(self.aggregate)
        return found

    def aggregate_version(self) -> int:
        """Return the version that what changed now has."""
        found: int = self._at(self.aggregate.removesuffix("id") + "version")
        return found

    def _at(self, path: str) -> Any:
        return reduce(getattr, path.split("."), self)


class Envelope(Contract):
    """What an event's bytes are: the fact and where it came from (rules 3.16)."""

    id: UUID
    type: str
    occurred_at: datetime
    producer: str
    aggregate_id: UUID
    aggregate_version: int
    correlation_id: str
    causation_id: str | None
    actor: ActorRef
    # As read it is a dict: a bare BaseModel would accept any JSON object and keep none of its fields.
    data: SerializeAsAny[Annotated[dict[str, Any] | BaseModel, Field(union_mode="left_to_right")]]

    def event(self) -> Event:
        """Return the fact as its contract. Raises LookupError for a type this side does not know."""
        contract = Message.registry[f"{Event.prefix}.{self.type}"]
        assert issubclass(contract, Event)
        return contract.model_validate(self.data)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Return the envelope some bytes hold. Raises pydantic's ValidationError for anything else."""
        return cls.model_validate_json(body)


__all__ += ["ANY_SERVICE", "GATEWAY", "Permission"]

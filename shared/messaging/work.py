"""The unit of work: one message, one transaction, and the facts and jobs it leaves behind."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Annotated, Any, ClassVar, NoReturn, Protocol, TypeVar, cast
from uuid import UUID

from faststream import Context
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.actor import Actor
from shared.contracts.base import Contract, Envelope, Event, Request
from shared.kernel import clock
from shared.kernel.ids import derived_id, new_id
from shared.kernel.problems import IdempotencyMismatch, Problem
from shared.messaging.hot import Hot, Reads
from shared.messaging.origin import Origin as Origin
from shared.messaging.tables import JobRow, OutboxRow

KEEP_JOB = insert(cast(Table, JobRow.__table__)).on_conflict_do_nothing(index_elements=["key"])


class Job(Contract):
    """Work for later or for outside (mail, timer): a value kept in a row, handled by this service alone.

    `every`: seconds between two runs of a job that repeats for ever; `give_up_after`: attempts before it is given up.
    """

    every: ClassVar[float | None] = None
    give_up_after: ClassVar[int] = 20
    registry: ClassVar[dict[str, type["Job"]]] = {}

    def __init_subclass__(cls, every: float | None = None, give_up_after: int = 20, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.every, cls.give_up_after = every, give_up_after
        Job.registry[cls.__name__] = cls


class MadeByRequest(Protocol):
    """A row that a keyed request made, and what its owner keeps of that request's body."""

    request_digest: bytes | None


Made = TypeVar("Made", bound=MadeByRequest)


class Refusal(Exception):
    """A no whose traces must stay: the transaction commits, then the problem is the answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class UnitOfWork:
    """What a handler works with. The hall opens and commits it; handlers never do.

    `actor` and `as_of` (UTC) are those of the message; `order` of emits is the order of publication. `session` may be
    what opens one: hot reads often want none.
    """

    def __init__(
        self,
        session: AsyncSession | Callable[[], AsyncSession],
        service: str,
        origin: Origin | None = None,
        reads: Callable[[], AbstractAsyncContextManager[AsyncSession]] | None = None,
        driver: Reads | None = None,
    ) -> None:
        self._session = session
        self.service = service
        self.origin = origin or Origin()
        self.emitted: list[Event] = []
        self.scheduled: list[Job] = []
        self.undo: list[Request[Any]] = []
        self._reads = reads
        self._driver = driver

    @property
    def session(self) -> AsyncSession:
        """Return the session of this message, opened when it is first wanted."""
        if not isinstance(self._session, AsyncSession):
            self._session = self._session()
        return self._session

    def in_transaction(self) -> bool:
        """Tell whether this message has begun a transaction."""
        return isinstance(self._session, AsyncSession) and self._session.in_transaction()

    async def close(self) -> None:
        """Close the session, where one was opened."""
        if isinstance(self._session, AsyncSession):
            await self._session.close()

    @property
    def actor(self) -> Actor:
        """Return who stands behind this message, verified by this service itself."""
        return self.origin.actor

    @property
    def as_of(self) -> datetime:
        """Return the one moment (UTC) that every rule of this request uses."""
        return self.origin.as_of

    def made_id(self, subject: str) -> UUID:
        """Return the id of what this keyed request makes: the same for the same actor, subject and key."""
        return derived_id(self.actor.key, subject, self.origin.request_key or str(new_id()))

    @property
    def digest(self) -> bytes | None:
        """Return what to keep of this request's body on the row it makes: the inbox forgets, the row does not."""
        return self.origin.digest

    async def made_before(self, model: type[Made], id_: UUID) -> Made | None:
        """Return what this very request made so long ago that its answer is no longer kept; None for a new one.

        `id_` is the one that `made_id` derives. Raises IdempotencyMismatch when the key came with another body then.
        """
        made = await self.session.get(model, id_)
        if made is not None:
            self.check_repeat(made.request_digest)
        return made

    def check_repeat(self, digest: bytes | None) -> None:
        """Raise IdempotencyMismatch when the body of this request is not the one a row was made by.

        A row older than the digests (None) may have been made by any body.
        """
        if digest is not None and digest != self.digest:
            raise IdempotencyMismatch

    def look(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a short read that closes before the first ask."""
        if self._reads is None:
            raise RuntimeError("this unit of work was made without a way to look")
        return self._reads()

    async def fetch(self, read: Hot, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of a hot read, in no transaction: what this one has changed is not seen."""
        if self._driver is not None:
            return await self._driver.fetch(read, given)
        async with self.look() as session:
            return (await session.execute(read.clause, given)).all()

    def emit(self, event: Event) -> None:
        """Record a fact in the outbox; the relay publishes it once the transaction commits.

        The aggregate's row must be locked by this transaction. Raises ValueError for another owner's event.
        """
        if event.owner != self.service:
            raise ValueError(f"{type(event).__name__} belongs to {event.owner}, not to {self.service}")
        self.emitted.append(event)
        envelope = Envelope(
            id=new_id(),
            type=event.type(),
            occurred_at=clock.now(),
            producer=self.service,
            aggregate_id=event.aggregate_id(),
            aggregate_version=event.aggregate_version(),
            correlation_id=self.origin.correlation_id,
            causation_id=self.origin.causation_id,
            actor=self.actor.ref(),
            data=event,
        )
        self.session.add(
            OutboxRow(
                event_id=envelope.id,
                subject=event.subject,
                aggregate_id=envelope.aggregate_id,
                aggregate_version=envelope.aggregate_version,
                body=envelope.model_dump_json().encode(),
                traceparent=self.origin.traceparent,
            )
        )

    async def schedule(self, job: Job, key: str, run_after: datetime | None = None) -> None:
        """Leave a job to be done once this transaction commits; a second job of the same key changes nothing."""
        self.scheduled.append(job)
        kept = {
            "kind": type(job).__name__,
            "key": f"{type(job).__name__}:{key}",
            "payload": job.model_dump(mode="json"),
            "context": {
                "correlation_id": self.origin.correlation_id,
                "causation_id": self.origin.causation_id,
                "traceparent": self.origin.traceparent,
            },
            "run_after": run_after or clock.now(),
        }
        await (await self.session.connection()).execute(KEEP_JOB, kept)

    def refuse(self, problem: Problem) -> NoReturn:
        """Say no, yet keep what was recorded (a failed sign-in, an audited denial)."""
        raise Refusal(problem)

    def on_refusal(self, request: Request[Any]) -> None:
        """Send a request after a rollback, such as the release of a hold that will not be used."""
        self.undo.append(request)


Work = Annotated[UnitOfWork, Context("work")]

"""From queued to sent or given up: what an attempt to deliver leads to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.notifications import MailNotFailed, MailStatus

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=30)
PATIENCE = timedelta(days=3)

NEXT: dict[MailStatus, frozenset[MailStatus]] = {
    MailStatus.QUEUED: frozenset({MailStatus.SENT, MailStatus.FAILED}),
    MailStatus.SENT: frozenset(),
    MailStatus.FAILED: frozenset({MailStatus.QUEUED}),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mail server said. No `error`: it took the mail. `final`: it will never take it."""

    error: str | None = None
    final: bool = False


def advance(current: MailStatus, to: MailStatus) -> MailStatus:
    """Return the next status. Raises MailNotFailed for what a mail in this state cannot become."""
    if to not in NEXT[current]:
        raise MailNotFailed(
            f"This mail is {current}; only a mail that was given up can be sent again. Look at the delivery log.",
            status=current,
        )
    return to


def reached(outcome: Outcome, queued_at: datetime, now: datetime) -> MailStatus:
    """Return the status an attempt that ended `now` leads to: a mail not taken is given up after three days."""
    if outcome.error is None:
        return MailStatus.SENT
    return MailStatus.FAILED if outcome.final or now - queued_at >= PATIENCE else MailStatus.QUEUED


def next_try(queued_at: datetime, now: datetime) -> datetime:
    """Return when to try again: each wait is as long as all before it, up to half an hour; the last at day three."""
    delay = min(max(now - queued_at, FIRST_DELAY), LONGEST_DELAY)
    return min(now + delay, queued_at + PATIENCE)

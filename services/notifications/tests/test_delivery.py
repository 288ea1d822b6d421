"""What an attempt leads to, and when the next one is due."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from services.notifications.domain.delivery import NEXT, PATIENCE, Outcome, advance, next_try, reached
from shared.contracts.notifications import MailNotFailed, MailStatus

QUEUED_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
PASSING, FINAL, TAKEN = Outcome("451 later"), Outcome("550 unknown", final=True), Outcome()
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("outcome", "after", "status"),
    [
        (TAKEN, SECOND, MailStatus.SENT),
        (TAKEN, 4 * DAY, MailStatus.SENT),
        (PASSING, SECOND, MailStatus.QUEUED),
        (PASSING, 3 * DAY - SECOND, MailStatus.QUEUED),
        (PASSING, 3 * DAY, MailStatus.FAILED),
        (FINAL, SECOND, MailStatus.FAILED),
    ],
)
def test_a_mail_is_tried_for_three_days_unless_it_is_refused_for_good(outcome, after, status):
    assert reached(outcome, QUEUED_AT, QUEUED_AT + after) is status


def test_the_waits_grow_to_half_an_hour_and_the_last_attempt_is_at_three_days():
    moments = [QUEUED_AT]
    while moments[-1] < QUEUED_AT + PATIENCE:
        moments.append(next_try(QUEUED_AT, moments[-1]))
    waits = [later - earlier for earlier, later in pairwise(moments)]

    assert waits[:6] == [SECOND, SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND]
    assert max(waits) == timedelta(minutes=30)
    assert moments[-1] == QUEUED_AT + PATIENCE
    assert 150 <= len(waits) <= 160


@pytest.mark.parametrize("status", MailStatus)
def test_a_mail_moves_only_where_the_table_says(status):
    for to in MailStatus:
        if to in NEXT[status]:
            assert advance(status, to) is to
        else:
            with pytest.raises(MailNotFailed, match=f"This mail is {status}"):
                advance(status, to)

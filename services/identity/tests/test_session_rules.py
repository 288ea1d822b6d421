"""What showing a refresh token means."""

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.sessions import Verdict, digest, judge, new_token

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOON, LATER = NOON + timedelta(seconds=1), NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("used_at", "ended_at", "expires_at", "verdict"),
    [
        (None, None, LATER, Verdict.GOOD),
        (None, None, NOON, Verdict.ENDED),
        (None, NOON, LATER, Verdict.ENDED),
        (NOON, NOON, LATER, Verdict.ENDED),
        (NOON, None, LATER, Verdict.REUSED),
        (NOON - timedelta(days=1), None, LATER, Verdict.REUSED),
        (SOON, None, LATER, Verdict.TWIN),
    ],
)
def test_a_token_shown_at_noon(used_at, ended_at, expires_at, verdict):
    assert judge(used_at, ended_at, expires_at, NOON) is verdict


def test_tokens_are_256_random_bits_kept_as_a_digest():
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(len(token) == 43 and len(digest(token)) == 32 for token in tokens)

"""What a service refuses to listen with, before its first event."""

import pytest

from shared.messaging.hearing import identity, listening
from shared.messaging.tests.stage import Said, note
from shared.messaging.work import UnitOfWork


async def asks(event: Said, work: UnitOfWork, ask: object) -> None:
    """Ask while the pump's transaction is open."""


def test_two_handlers_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="same name"):
        listening({Said: [note, note]})


def test_an_event_handler_never_asks() -> None:
    with pytest.raises(TypeError, match="must not ask"):
        listening({Said: [asks]})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"text"', b'{"id": 1}', b'{"id": "x", "aggregate_id": "y"}', b"\xff"]
)
def test_bytes_that_tell_nothing_are_an_aggregate_of_their_own(body: bytes) -> None:
    assert identity("orders", 1, body) == identity("orders", 1, b"")
    assert identity("orders", 1, body) != identity("orders", 2, body)

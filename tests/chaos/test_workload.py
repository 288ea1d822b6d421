"""What the storm makes of answers."""

import httpx
import pytest

from tests.chaos.verdict import Verdict
from tests.chaos.workload import Caller, History


def answered(*statuses: int) -> Caller:
    """Return a caller who gets answers of these statuses, one after the other."""
    left = iter(statuses)
    caller = Caller("http://house", "token", History())
    caller.http = httpx.AsyncClient(
        base_url="http://house", transport=httpx.MockTransport(lambda _: httpx.Response(next(left), text="oh"))
    )
    return caller


async def test_an_ask_that_may_be_made_again_is_made_again() -> None:
    caller = answered(503, 429, 201)

    answer = await caller.insist("/v1/orders", {}, "key", 5)

    assert answer is not None
    assert answer.status_code == 201
    assert caller.history.retries == 2
    assert Verdict.of(caller.history).clean


async def test_an_answer_that_no_fault_excuses_is_wrong() -> None:
    caller = answered(500, 201)

    answer = await caller.insist("/v1/orders", {}, "key", 5)

    assert answer is not None
    assert answer.status_code == 500
    assert Verdict.of(caller.history).wrong == ["/v1/orders answered 500: oh"]


@pytest.mark.parametrize("status", [404, 409, 422])
async def test_a_refusal_is_an_answer(status: int) -> None:
    caller = answered(status)

    await caller.insist("/v1/orders", {}, "key", 5)

    assert Verdict.of(caller.history).clean

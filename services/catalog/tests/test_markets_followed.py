"""Markets that there were before it was kept what everyone paid there: no figure is better than a wrong one (O1)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.domain.price_history import prior
from services.catalog.handlers.jobs import price_history
from services.catalog.tests.dealing import agreed, row, settled, to
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import Shop, eur
from services.catalog.tests.test_explaining_the_past import why
from services.catalog.tests.test_lowest_price import seen
from services.catalog.tests.test_price_history import history, on
from services.catalog.tests.working import does_its_jobs
from shared.contracts.catalog.explanations import ExplanationNote
from shared.kernel import clock
from shared.kernel.money import UnitPrice

DAY = timedelta(days=1)
# As the release before leaves a shop, and as the migration finds it.
AS_BEFORE = (
    "DELETE FROM jobs",
    "UPDATE rule_book SET markets_since = '9999-01-01Z', stamp = gen_random_uuid()",
    "INSERT INTO jobs (kind, key, payload) VALUES ('FollowMarkets', 'FollowMarkets:first', '{}')",
)


@pytest.mark.parametrize(("sale", "expected"), [(10, None), (40, eur("80.00"))])
async def test_o1_of_a_market_the_lowest_price_is_told_once_it_is_known_for_30_days(
    shop: Shop, connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, sale: int, expected: UnitPrice | None
) -> None:
    monkeypatch.setattr(price_history, "RECORDED_AT_ONCE", 2)
    now = clock.now()
    for sku in ("lamp", "sofa", "chair"):
        await shop.sells(sku, "100.00")
    await settled(shop, default_market="fr")
    await agreed(shop, to("de"), row("80"))
    for statement in AS_BEFORE:
        await connection.execute(text(statement))
    begins = now + sale * DAY
    await promoted(shop, now, starts_at=begins, code="sale")

    before = await seen(shop, "de", begins + DAY)
    await does_its_jobs(shop, connection, begins + DAY)
    abroad, here = [await seen(shop, market, begins + DAY) for market in ("de", "fr")]

    assert (before.unit_price, before.lowest_price_30d) == (eur("64.00"), None)
    assert (abroad.unit_price, abroad.lowest_price_30d) == (eur("64.00"), expected)
    assert (here.unit_price, here.lowest_price_30d) == (eur("80.00"), eur("100.00"))


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (on(9, 1), 80),  # the sale began 30 days after
        (on(9, 2), None),
        (on(10, 6), None),
        (on(5, 1), 80),
    ],
)
def test_o1_of_prices_that_are_not_known_for_all_of_the_30_days_none_is_told(
    since: datetime, expected: int | None
) -> None:
    steps = history((6, 1, 100), (8, 20, 80), (10, 1, 72), (10, 5, 70))

    assert prior(steps, on(10, 20), since) == expected


def test_o1_goods_that_are_newer_than_what_is_known_have_a_whole_history() -> None:
    assert prior(history((9, 5, 100), (9, 20, 80)), on(9, 21), on(9, 1)) == 100


async def test_of_a_moment_before_it_was_kept_no_price_of_a_market_is_told(
    shop: Shop, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    await settled(shop, default_market="fr")
    await agreed(shop, to("de"), row("80"))
    for statement in AS_BEFORE:
        await connection.execute(text(statement))
    then = clock.now()
    await does_its_jobs(shop, connection)
    known = clock.now()

    told = [(await why(shop, as_of=at, market=market)) for market in ("fr", "de") for at in (then, known)]

    assert [one.public_price_then for one in told] == [eur("100.00"), eur("100.00"), None, eur("80.00")]
    assert ExplanationNote.CHANGED_SINCE not in {note for one in told for note in one.notes}

"""An explanation of a moment that has passed says that it is made by today's rules, and what everyone paid then."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.tests.dealing import EVERYONE, agreed, row, settled, to
from services.catalog.tests.samples import CLERK, KEEPER, Shop, eur
from services.catalog.tests.working import does_its_jobs
from shared.contracts.catalog.explanations import ExplainPrice, ExplanationNote, PriceExplanation
from shared.contracts.catalog.prices import SetBasePrice
from shared.kernel import clock

TODAYS, CHANGED = ExplanationNote.TODAYS_RULES, ExplanationNote.CHANGED_SINCE
DAY = timedelta(days=1)


async def why(shop: Shop, **asked: Any) -> PriceExplanation:
    told: PriceExplanation = await shop(explain_price, ExplainPrice(sku="chair", **asked), CLERK)
    return told


async def test_what_everyone_paid_then_is_told_beside_what_todays_rules_come_to(shop: Shop) -> None:
    await shop.sells("chair", "100.00")
    then = clock.now()
    await shop(set_base_price, SetBasePrice(sku="chair", unit_price=eur("120"), expected_version=1), KEEPER)

    past, now = await why(shop, as_of=then), await why(shop)

    assert (past.unit_price, past.public_price_then, past.notes) == (eur("120.00"), eur("100.00"), [TODAYS, CHANGED])
    assert (now.unit_price, now.public_price_then, now.notes) == (eur("120.00"), None, [])


async def test_a_past_moment_at_which_nothing_was_otherwise_has_todays_rules_and_no_change(shop: Shop) -> None:
    await shop.sells("chair", "100.00")
    await agreed(shop, [EVERYONE], row("90", min_qty="10"))
    then = clock.now()

    past = await why(shop, as_of=then, quantity=Decimal(10))

    assert (past.unit_price, past.public_price_then, past.notes) == (eur("90.00"), eur("100.00"), [TODAYS])


async def test_a_moment_to_come_is_told_by_the_rules_that_will_count(shop: Shop) -> None:
    await shop.sells("chair", "100.00")

    coming = await why(shop, as_of=clock.now() + DAY)

    assert (coming.public_price_then, coming.notes) == (None, [])


async def test_a_market_is_told_what_everyone_there_paid(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", "100.00")
    await settled(shop, default_market="fr")
    await agreed(shop, to("de"), row("80"))
    await does_its_jobs(shop, connection, clock.now())
    then = clock.now()

    told = [(await why(shop, as_of=then, market=market)).public_price_then for market in ("fr", "de")]

    assert told == [eur("100.00"), eur("80.00")]

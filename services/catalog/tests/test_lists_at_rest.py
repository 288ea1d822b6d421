"""An explanation tells why lists that are for a buyer do not count at the moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.tests.dealing import a_category, agreed, relisted, row, to
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_group
from shared.contracts.actor import Actor
from shared.contracts.catalog.explanations import ExplainPrice, PriceExplanation
from shared.contracts.catalog.price_lists import ListStatus, PriceLevel, Scope
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.traces import RuleOutcome
from shared.contracts.customers.customers import CustomerSnapshot

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def buyer(shop: Shop) -> CustomerSnapshot:
    dealers = a_group("dealers")
    known = a_buyer(dealers.id)
    await shop.knows(dealers, known)
    await shop.sells("chair", "100.00", category_ids=[(await a_category(shop, "seats")).id])
    return known


async def why(shop: Shop, buyer: CustomerSnapshot, actor: Actor = KEEPER) -> list[tuple[PriceLevel, str, RuleOutcome]]:
    query = ExplainPrice(sku="chair", customer_id=buyer.id, as_of=NOW)
    told: PriceExplanation = await shop(explain_price, query, actor)
    return [(step.level, step.code, step.outcome) for step in told.trace]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"starts_at": NOW + DAY}, "LIST_NOT_BEGUN"),
        ({"starts_at": NOW - 2 * DAY, "ends_at": NOW}, "LIST_ENDED"),
        ({"currency": "USD"}, "OTHER_CURRENCY"),
        ({"status": ListStatus.DRAFT}, "LIST_IS_DRAFT"),
    ],
)
async def test_a_list_that_is_not_in_force_says_why(
    shop: Shop, buyer: CustomerSnapshot, facts: dict[str, Any], code: str
) -> None:
    about = {"scope": Scope.CATEGORY, "target": "seats"}
    await agreed(shop, to(buyer), row("70", **about), **facts)

    base, asleep = await why(shop, buyer)

    assert base == (PriceLevel.BASE, "PRICE", RuleOutcome.APPLIED)
    assert asleep == (PriceLevel.CONTRACT, code, RuleOutcome.NOT_ELIGIBLE)


async def test_lists_at_rest_are_told_to_those_alone_who_set_prices(shop: Shop, buyer: CustomerSnapshot) -> None:
    await agreed(shop, to(buyer), row("70"), status=ListStatus.DRAFT)
    await agreed(shop, to(buyer), row("60"), starts_at=NOW + DAY)

    assert [code for _, code, _ in await why(shop, buyer, CLERK)] == ["PRICE"]


async def test_lists_of_others_and_archived_ones_are_not_told(shop: Shop, buyer: CustomerSnapshot) -> None:
    other = a_buyer()
    await shop.knows(other)
    await agreed(shop, to(other), row("60"), starts_at=NOW + DAY)
    await relisted(shop, await agreed(shop, to(buyer), row("70")), status=ListStatus.ARCHIVED)

    assert [code for _, code, _ in await why(shop, buyer)] == ["PRICE"]


async def test_who_is_shown_no_prices_is_explained_none(shop: Shop) -> None:
    hidden = a_group("hidden", show_prices=False)
    known = a_buyer(hidden.id)
    await shop.knows(hidden, known)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(known), row("70"), starts_at=NOW + DAY)

    told: PriceExplanation = await shop(explain_price, ExplainPrice(sku="chair", customer_id=known.id), KEEPER)

    assert (told.price_reason, told.trace) == (PriceReason.GROUP_HIDDEN, [])

"""Why something costs what it does: every row that was tried, told to those who may know."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.tests.dealing import EVERYONE, a_category, agreed, off, row, settled, to
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_group, a_seller, eur
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.catalog_settings import PricePolicy
from shared.contracts.catalog.explanations import ExplainPrice, PriceExplanation
from shared.contracts.catalog.price_lists import PriceLevel, Scope
from shared.contracts.catalog.prices import ProductNotAvailable, SetBasePrice
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.traces import RuleOutcome
from shared.contracts.customers.customers import CustomerNotFound, CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot
from shared.kernel.ids import new_id
from shared.kernel.problems import Forbidden
from shared.testing import agent, customer

APPLIED, SHADOWED, UNFIT = RuleOutcome.APPLIED, RuleOutcome.SHADOWED_BY, RuleOutcome.NOT_ELIGIBLE


@pytest.fixture
def dealers() -> GroupSnapshot:
    return a_group("dealers")


@pytest.fixture
async def buyer(shop: Shop, dealers: GroupSnapshot) -> CustomerSnapshot:
    """A dealer, in a shop that sells chairs for 100."""
    known = a_buyer(dealers.id)
    await shop.knows(dealers, known)
    await shop.sells("chair", "100.00", category_ids=[(await a_category(shop, "seats")).id])
    return known


async def why(
    shop: Shop, buyer: CustomerSnapshot | None, quantity: str = "1", actor: Actor = CLERK, **asked: Any
) -> PriceExplanation:
    query = ExplainPrice(sku="chair", customer_id=buyer and buyer.id, quantity=Decimal(quantity), **asked)
    told: PriceExplanation = await shop(explain_price, query, actor)
    return told


def steps(told: PriceExplanation) -> list[tuple[PriceLevel, str | None, str]]:
    """Return what was tried as level, amount out and code, in order."""
    return [(step.level, step.amount_out and f"{step.amount_out.amount:.2f}", step.code) for step in told.trace]


def codes(told: PriceExplanation) -> dict[str, RuleOutcome]:
    return {step.code: step.outcome for step in told.trace}


async def test_p2_an_explicit_price_wins_over_a_percentage_and_the_trace_says_so(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    await agreed(shop, to(dealers), off("10"), row("92"), name="Dealers")

    told = await why(shop, buyer)

    assert (told.unit_price, told.list_price, told.price_reason) == (eur("92.00"), eur("100.00"), PriceReason.GROUP)
    assert steps(told) == [
        (PriceLevel.GROUP, "92.00", "PRICE"),
        (PriceLevel.GROUP, "90.00", "NARROWER_SCOPE"),
        (PriceLevel.BASE, "100.00", "OTHER_LEVEL"),
    ]
    won, lost, base = told.trace
    assert (won.outcome, lost.outcome, base.outcome) == (APPLIED, SHADOWED, SHADOWED)
    assert (won.name, won.scope, lost.scope, lost.shadowed_by) == ("Dealers", Scope.VARIANT, Scope.ALL, won.rule)


async def test_p5_priority_comes_before_the_lower_price_which_comes_before_age(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    for name, price, priority in (("a", "90", 10), ("b", "88", 0), ("c", "91", 10), ("d", "90", 10)):
        await agreed(shop, to(dealers), row(price), name=name, priority=priority)

    told = await why(shop, buyer)

    assert told.unit_price == eur("90.00")
    assert [(step.name, step.code) for step in told.trace] == [
        ("a", "PRICE"),
        ("d", "OLDER"),
        ("c", "LOWER_PRICE"),
        ("b", "PRIORITY"),
        ("Base price", "OTHER_LEVEL"),
    ]
    assert {step.shadowed_by for step in told.trace[1:4]} == {told.trace[0].rule}


async def test_p1_tiers_and_levels_that_lost_say_why(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    tiers = (row("80"), row("75", min_qty="10"), row("70", min_qty="50"))
    await agreed(shop, to(dealers), *tiers)
    await agreed(shop, to(buyer), row("78"))

    told = await why(shop, buyer, "10")

    assert (told.unit_price, told.price_reason) == (eur("78.00"), PriceReason.CONTRACT)
    assert [(level, code) for level, _, code in steps(told)] == [
        (PriceLevel.CONTRACT, "PRICE"),
        (PriceLevel.GROUP, "OTHER_LEVEL"),
        (PriceLevel.GROUP, "BELOW_MIN_QTY"),
        (PriceLevel.GROUP, "OTHER_TIER"),
        (PriceLevel.BASE, "OTHER_LEVEL"),
    ]
    assert {step.code for step in told.trace if step.outcome is UNFIT} == {"BELOW_MIN_QTY", "OTHER_TIER"}
    await settled(shop, price_policy=PricePolicy.LOWEST)
    assert (await why(shop, buyer, "10")).unit_price == eur("75.00")


async def test_p3_the_cap_at_everyones_price_is_told_with_the_promotion_that_made_it(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    await agreed(shop, to(dealers), row("85"))
    sale = await promoted(shop, at=datetime.now(UTC), name="Winter")

    told = await why(shop, buyer)

    assert (told.unit_price, told.price_reason) == (eur("80.00"), PriceReason.PROMOTION)
    assert steps(told) == [
        (PriceLevel.GROUP, "85.00", "CAP_AT_PUBLIC"),
        (PriceLevel.BASE, "100.00", "PRICE"),
        (PriceLevel.BASE, "80.00", "PROMOTION"),
        (PriceLevel.BASE, "80.00", "CAP_AT_PUBLIC"),
    ]
    took = told.trace[2]
    assert (took.name, took.amount_in, took.amount_out) == (sale.name, eur("100.00"), eur("80.00"))
    await settled(shop, cap_at_public=False)
    assert (await why(shop, buyer)).unit_price == eur("85.00")


async def test_the_floor_is_told(shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot) -> None:
    floor = SetBasePrice(sku="chair", expected_version=1, unit_price=eur("100"), floor=eur("70"))
    await shop(set_base_price, floor, KEEPER)
    await agreed(shop, to(dealers), off("50"))

    told = await why(shop, buyer)

    assert told.unit_price == eur("70.00")
    assert codes(told) == {"PRICE": APPLIED, "OTHER_LEVEL": SHADOWED, "FLOOR": APPLIED}


async def test_a_nearer_category_and_a_smaller_quote_are_told(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    above = await a_category(shop, "furniture")
    await shop.sells("stool", category_ids=[(await a_category(shop, "stools", above)).id])
    near = (off("10", "stools", Scope.CATEGORY), off("20", "furniture", Scope.CATEGORY))
    await agreed(shop, to(dealers), *near)
    await agreed(shop, to(buyer), row("50", "stool", max_qty="5"), level=PriceLevel.QUOTE)

    query = ExplainPrice(sku="stool", customer_id=buyer.id, quantity=Decimal(6))
    told: PriceExplanation = await shop(explain_price, query, CLERK)

    assert told.unit_price == eur("90.00")
    assert codes(told) == {
        "ABOVE_MAX_QTY": UNFIT,
        "PRICE": APPLIED,
        "NEARER_CATEGORY": SHADOWED,
        "OTHER_LEVEL": SHADOWED,
    }


async def test_p8_no_price_in_a_currency_is_told_and_nothing_is_converted(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    await agreed(shop, to(dealers), row("92"))
    await agreed(shop, to(dealers), off("10"), currency="USD")

    told = await why(shop, buyer, currency="USD")

    assert (told.unit_price, told.price_reason) == (None, PriceReason.PRICE_UNAVAILABLE)
    assert codes(told) == {"NO_REFERENCE_PRICE": UNFIT, "NO_PRICE": UNFIT}
    by_keeper = await why(shop, buyer, actor=KEEPER, currency="USD")
    assert codes(by_keeper) == codes(told) | {"OTHER_CURRENCY": UNFIT}
    assert codes(await why(shop, None, currency="GBP")) == {"NO_PRICE": UNFIT}


async def test_p7_a_list_from_1_december_in_paris_counts_from_its_first_moment(
    shop: Shop, dealers: GroupSnapshot, buyer: CustomerSnapshot
) -> None:
    first = datetime(2030, 11, 30, 23, tzinfo=UTC)
    await agreed(shop, to(dealers), row("90"), starts_at=first, ends_at=first + timedelta(days=31))

    async def price_at(moment: datetime) -> Any:
        told = await why(shop, buyer, as_of=moment)
        assert told.as_of == moment
        return told.unit_price

    second = timedelta(seconds=1)
    assert await price_at(first - second) == eur("100.00")
    assert await price_at(first) == eur("90.00")
    assert await price_at(first + timedelta(days=31) - second) == eur("90.00")
    assert await price_at(first + timedelta(days=31)) == eur("100.00")


async def test_an_agent_asks_about_their_own_customers_alone(shop: Shop, dealers: GroupSnapshot) -> None:
    seller, other = a_seller(), a_seller()
    mine, theirs = a_buyer(dealers.id, agent_id=seller.id), a_buyer(dealers.id, agent_id=other.id)
    await shop.knows(dealers, seller, other, mine, theirs)
    await shop.sells("chair", "100.00")
    await shop.charges(dealers, "chair", "92.00")

    assert (await why(shop, mine, actor=agent(seller.id))).unit_price == eur("92.00")
    with pytest.raises(CustomerNotFound):
        await why(shop, theirs, actor=agent(seller.id))


async def test_who_only_pays_a_price_is_not_told_how_it_came_about(shop: Shop, buyer: CustomerSnapshot) -> None:
    for actor in (customer(buyer.id), VISITOR):
        for asked in (buyer, None):
            with pytest.raises(Forbidden):
                await why(shop, asked, actor=actor)


async def test_without_a_customer_the_price_is_a_visitors(shop: Shop) -> None:
    visitors = a_group("visitor")
    await shop.knows(visitors)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(visitors), row("95"))

    assert (await why(shop, None)).unit_price == eur("95.00")
    assert (await why(shop, None, actor=agent(new_id()))).unit_price == eur("95.00")


async def test_what_the_customer_does_not_see_has_no_price_to_explain(shop: Shop, buyer: CustomerSnapshot) -> None:
    with pytest.raises(ProductNotAvailable):
        await shop(explain_price, ExplainPrice(sku="sofa", customer_id=buyer.id), CLERK)


async def test_everyones_list_is_told_as_the_markets(shop: Shop, buyer: CustomerSnapshot) -> None:
    await agreed(shop, [EVERYONE], row("97"))

    told = await why(shop, buyer)

    assert (told.unit_price, told.public_price, told.price_reason) == (eur("97"), eur("97"), PriceReason.MARKET)

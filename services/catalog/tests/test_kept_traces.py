"""What an order keeps of the way its prices came about."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.domain.pricing.keeping import LARGEST_STEP, MOST_OF_A_LINE, ROOM, kept
from services.catalog.handlers.commands.group_terms import set_group_terms
from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.price_lists import list_price_lists
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, a_hold, a_line, a_seller, eur
from shared.contracts.catalog.group_terms import SetGroupTerms
from shared.contracts.catalog.price_lists import ListPriceLists, PriceLevel, PriceMode, Scope
from shared.contracts.catalog.price_rows import NewPriceRow, PutPriceRows
from shared.contracts.catalog.products import BasePriceView, CreateProduct, NewVariant, TaxCategory
from shared.contracts.catalog.stock import HeldLine, HeldQuote
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.traces import PriceTrace, RuleOutcome
from shared.kernel.ids import new_id
from shared.testing import agent, customer

MOST_LINES = 500
MESSAGE = 1_000_000  # bytes that a message of the bus may have (deploy/nats/nats.conf)


def step(outcome: RuleOutcome, name: str = "Resellers", rule: int = 1) -> PriceTrace:
    return PriceTrace(
        level=PriceLevel.GROUP,
        rule=rule,
        name=name,
        min_qty=Decimal("99999999999.999"),
        outcome=outcome,
        code="NEARER_CATEGORY",
        message="Another row of its level comes first.",
        amount_in=eur("99999999999.99"),
        amount_out=eur("99999999999.99"),
        shadowed_by=rule + 1,
    )


def test_what_applied_is_kept_before_what_was_shadowed_and_what_did_not_count_is_left_out() -> None:
    steps = [step(outcome) for outcome in RuleOutcome]
    shadowed_first = sorted(steps, key=lambda one: one.outcome, reverse=True)

    assert [one.outcome for one in kept(shadowed_first, 1)] == [RuleOutcome.APPLIED, RuleOutcome.SHADOWED_BY]


@given(st.lists(st.sampled_from(RuleOutcome), max_size=60), st.integers(1, MOST_LINES))
def test_a_line_never_keeps_more_than_its_share_of_the_room(outcomes: list[RuleOutcome], lines: int) -> None:
    steps = [step(outcome, rule=number) for number, outcome in enumerate(outcomes, 1)]

    told = kept(steps, lines)

    assert sum(len(one.model_dump_json()) for one in told) <= min(MOST_OF_A_LINE, ROOM // lines)
    assert {one.rule for one in told} <= {one.rule for one in steps}
    if RuleOutcome.APPLIED in outcomes:
        assert told[0].outcome is RuleOutcome.APPLIED


def test_no_step_is_larger_than_it_is_thought_to_be() -> None:
    longest = step(RuleOutcome.SHADOWED_BY, "🫖" * 200, 2**63 - 2)
    told = longest.model_copy(update={"promotion_id": new_id(), "scope": Scope.CATEGORY, "level": PriceLevel.CONTRACT})

    assert len(told.model_dump_json().encode()) <= LARGEST_STEP


@pytest.mark.parametrize("letter", ["e", "é", "値", "🫖"])
def test_the_longest_order_with_the_longest_names_fits_a_message(letter: str) -> None:
    name = letter * 200
    steps = [step(RuleOutcome.APPLIED, name), *(step(RuleOutcome.SHADOWED_BY, name, rule) for rule in range(40))]
    line = HeldLine(
        variant_id=new_id(),
        product_id=new_id(),
        sku="S" * 64,
        name=name,
        quantity=Decimal("99999999999.999"),
        list_price=eur("99999999999.99"),
        unit_price=eur("99999999999.99"),
        price_reason=PriceReason.PROMOTION,
        tax_category=TaxCategory.STANDARD,
        commissionable=True,
        computed_price=eur("99999999999.99"),
        cost=eur("99999999999.99"),
        price_list_id=new_id(),
        price_list_version=2**31 - 1,
        trace=kept(steps, MOST_LINES),
    )
    quote = HeldQuote(order_id=new_id(), lines=[line] * MOST_LINES, expires_at=datetime.now(UTC))

    assert len(quote.model_dump_json().encode()) < MESSAGE


async def test_a_hold_says_from_what_its_prices_were_computed(shop: Shop) -> None:
    group, nancy = a_group(), agent(new_id())
    buyer = a_buyer(group.id, agent_id=nancy.id)
    await shop.knows(group, buyer, a_seller(id=nancy.id, max_discount_percent=Decimal(10)))
    await shop.sells("chair", "100.00", on_hand=5)
    await shop.charges(group, "chair", "92.00")
    [prices] = (await shop(list_price_lists, ListPriceLists(), KEEPER)).items

    quote = await shop.holds(a_hold(buyer, a_line("chair", 2, unit_price=eur("90.00"))), nancy)

    [line] = quote.lines
    assert (line.unit_price, line.computed_price, line.list_price) == (eur("90.00"), eur("92.00"), eur("100.00"))
    assert (line.price_list_id, line.price_list_version) == (prices.id, prices.version)
    assert [(one.level, one.outcome, one.amount_out) for one in line.trace] == [
        (PriceLevel.GROUP, RuleOutcome.APPLIED, eur("92.00")),
        (PriceLevel.BASE, RuleOutcome.SHADOWED_BY, eur("100.00")),
    ]


async def test_a_hold_for_a_group_at_gross_prices_says_so_whenever_it_is_asked(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    prices = [BasePriceView(unit_price=eur("9.99"), mode=PriceMode.GROSS), BasePriceView(unit_price=eur("9.00"))]
    await shop(create_product, CreateProduct(name="Kettle", variants=[NewVariant(sku="kettle", prices=prices)]), KEEPER)
    await shop.receives("kettle", 5)
    await shop(set_group_terms, SetGroupTerms(group_id=group.id, price_mode=PriceMode.GROSS), KEEPER)
    hold, themselves = a_hold(buyer, a_line("kettle", 2)), customer(buyer.id)

    first = await shop.holds(hold, themselves)

    assert (first.price_mode, first.lines[0].unit_price) == (PriceMode.GROSS, eur("9.99"))
    assert await shop.holds(hold, themselves) == first


async def test_a_hold_kept_before_there_were_gross_prices_is_answered_as_net(
    shop: Shop, connection: AsyncConnection
) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", "100.00", on_hand=5)
    hold, themselves = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)
    first = await shop.holds(hold, themselves)
    new = "quote - 'price_mode' - 'market' #- '{lines,0,trace}' #- '{lines,0,cost}' #- '{lines,0,computed_price}'"
    await connection.execute(text(f"UPDATE holds SET quote = {new}"))

    again = await shop.holds(hold, themselves)

    assert (again.price_mode, again.market, again.lines[0].trace) == (PriceMode.NET, None, [])
    assert again.lines[0].unit_price == first.lines[0].unit_price


async def test_a_repeated_hold_still_says_what_was_true_when_it_was_made(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await shop.sells("chair", "100.00", on_hand=5)
    await shop.charges(group, "chair", "92.00")
    hold, themselves = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)
    first = await shop.holds(hold, themselves)
    [prices] = (await shop(list_price_lists, ListPriceLists(), KEEPER)).items
    cheaper = [NewPriceRow(scope=Scope.VARIANT, target="chair", value=Decimal("80.00"))]
    await shop(put_price_rows, PutPriceRows(id=prices.id, expected_version=prices.version, rows=cheaper), KEEPER)

    assert await shop.holds(hold, themselves) == first
    now = await shop.holds(a_hold(buyer, a_line("chair", 1)))
    assert (now.lines[0].computed_price, now.lines[0].price_list_version) == (eur("80.00"), prices.version + 1)

"""An order below its group's minimum that is taken all the same, for a fee."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.group_terms import set_group_terms
from services.catalog.handlers.queries.quotes import quote_items
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, a_hold, a_line, drift, stock_of
from shared.contracts.catalog.group_terms import OrderMinimum, SetGroupTerms
from shared.contracts.catalog.quotes import QuoteItems
from shared.contracts.catalog.rules import MinimumAction
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot
from shared.kernel.money import Money
from shared.testing import customer

MIN_500, FEE = Money(Decimal(500), "EUR"), Money(Decimal(15), "EUR")


@pytest.fixture
async def dealers(shop: Shop) -> GroupSnapshot:
    """Return a group that orders for 500 euros at once or pays a fee; the shop sells it chairs at 100."""
    group = a_group()
    await shop.knows(group)
    asked = SetGroupTerms(group_id=group.id, minimum_subtotal=MIN_500, action=MinimumAction.SURCHARGE, surcharge=FEE)
    await shop(set_group_terms, asked, KEEPER)
    await shop.sells("chair", "100.00", on_hand=20)
    return group


@pytest.fixture
async def dealer(shop: Shop, dealers: GroupSnapshot) -> CustomerSnapshot:
    buyer = a_buyer(dealers.id)
    await shop.knows(buyer)
    return buyer


async def test_a_hold_below_the_minimum_says_the_fee_that_a_quote_has_told(
    shop: Shop, dealer: CustomerSnapshot, connection: AsyncConnection
) -> None:
    lines = [a_line("chair", 4)]
    told = await shop(quote_items, QuoteItems(customer_id=dealer.id, currency="EUR", lines=lines), customer(dealer.id))

    held = await shop.holds(a_hold(dealer, *lines))

    assert held.surcharge == told.minimum.surcharge == FEE
    assert [line.unit_price.amount for line in held.lines] == [Decimal(100)]
    assert await stock_of(shop, "chair") == (20, 4)
    assert await drift(connection) == []


async def test_a_hold_that_reaches_the_minimum_or_is_of_nobody_asked_for_one_bears_no_fee(
    shop: Shop, dealer: CustomerSnapshot
) -> None:
    stranger = a_buyer()
    await shop.knows(stranger)

    assert (await shop.holds(a_hold(dealer, a_line("chair", 5)))).surcharge is None
    assert (await shop.holds(a_hold(stranger, a_line("chair", 1)))).surcharge is None


async def test_a_repeated_hold_says_the_same_fee_whatever_the_terms_are_now(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    command, actor = a_hold(dealer, a_line("chair", 4)), customer(dealer.id)
    first = await shop.holds(command, actor)

    asked = SetGroupTerms(group_id=dealers.id, expected_version=1, minimum_subtotal=MIN_500)
    await shop(set_group_terms, asked, KEEPER)

    assert (await shop.holds(command, actor)).model_dump_json() == first.model_dump_json()
    with pytest.raises(OrderMinimum):
        await shop.holds(a_hold(dealer, a_line("chair", 4)))


async def test_a_hold_kept_before_there_were_surcharges_is_answered_as_it_was(
    shop: Shop, dealer: CustomerSnapshot, connection: AsyncConnection
) -> None:
    command, actor = a_hold(dealer, a_line("chair", 5)), customer(dealer.id)
    first = await shop.holds(command, actor)
    older = text("UPDATE holds SET quote = quote -> 'lines' RETURNING jsonb_typeof(quote)")
    assert await connection.scalar(older) == "array"

    assert await shop.holds(command, actor) == first


@pytest.mark.parametrize("quantity", [1, 5])
async def test_a_minimum_costs_a_hold_one_statement_more(
    shop: Shop, dealer: CustomerSnapshot, statements: list[str], quantity: int
) -> None:
    await shop.holds(a_hold(dealer, a_line("chair", quantity)))  # the rule book is read once
    statements.clear()

    await shop.holds(a_hold(dealer, a_line("chair", quantity)))

    assert len(statements) == 5, statements

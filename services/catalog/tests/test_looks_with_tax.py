"""Who is told prices with tax and who without; nothing of one mode is told in a look of the other."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.group_terms import set_group_terms
from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.handlers.queries.quotes import quote_items, read_quick_order
from services.catalog.handlers.queries.search import search_products
from services.catalog.tests.dealing import EVERYONE, agreed, bargains, off, row, rules_changed, settled, to
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_group, a_hold, a_line, a_seller, eur
from services.catalog.tests.taxing import GROSS, NET, costs, seen, sells_both
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.explanations import ExplainPrice
from shared.contracts.catalog.group_terms import GroupTermsChanged, OrderMinimum, SetGroupTerms
from shared.contracts.catalog.prices import AgentPriceBound, PriceUnavailable
from shared.contracts.catalog.quotes import QuoteItems, ReadQuickOrder
from shared.contracts.catalog.search import SearchProducts, Sort
from shared.contracts.customers.customers import CustomerSnapshot
from shared.kernel.money import Money
from shared.testing import agent, customer

SECRET = "7391.17"
"""An amount like no other."""


@pytest.fixture
async def consumer(shop: Shop) -> CustomerSnapshot:
    """Return a customer who is told prices with tax, in a shop that is without; a chair is 100.00, with tax 120.00."""
    group = a_group("consumers")
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await bargains(shop, group, price_mode=GROSS)
    await sells_both(shop, "100.00", "120.00")
    return buyer


async def test_the_shop_says_in_which_mode_prices_are_told(shop: Shop) -> None:
    await sells_both(shop, "100.00", "120.00")
    assert await costs(shop) == ("100.00", NET)

    await settled(shop, price_mode=GROSS)

    assert await costs(shop) == ("120.00", GROSS)
    assert await costs(shop, KEEPER) == ("120.00", GROSS)


async def test_the_visitors_group_says_it_for_visitors(shop: Shop) -> None:
    visitors, member = a_group("visitor"), a_buyer()
    await shop.knows(visitors, member)
    await sells_both(shop, "100.00", "120.00")

    await bargains(shop, visitors, price_mode=GROSS)

    assert await costs(shop) == ("120.00", GROSS)
    assert await costs(shop, customer(member.id)) == ("100.00", NET)


async def test_of_several_groups_one_without_tax_wins(shop: Shop, consumer: CustomerSnapshot) -> None:
    resellers, silent = a_group("resellers"), a_group("silent")
    both, quiet = a_buyer(*consumer.group_ids, resellers.id), a_buyer(*consumer.group_ids, silent.id)
    await shop.knows(resellers, silent, both, quiet)
    await bargains(shop, resellers, price_mode=NET)
    await bargains(shop, silent, availability="banded")

    assert await costs(shop, customer(both.id)) == ("100.00", NET)
    assert await costs(shop, customer(quiet.id)) == ("120.00", GROSS)


async def test_who_looks_for_a_customer_looks_in_that_customers_mode(shop: Shop, consumer: CustomerSnapshot) -> None:
    seller = a_seller()
    served = a_buyer(*consumer.group_ids, agent_id=seller.id)
    await shop.knows(seller, served)

    assert await costs(shop, CLERK, customer_id=consumer.id) == ("120.00", GROSS)
    assert await costs(shop, agent(seller.id), customer_id=served.id) == ("120.00", GROSS)
    assert await costs(shop, agent(seller.id)) == ("100.00", NET)


async def test_a_change_of_terms_is_seen_at_once_and_told(shop: Shop, consumer: CustomerSnapshot) -> None:
    assert await costs(shop, customer(consumer.id)) == ("120.00", GROSS)
    before = await rules_changed(shop)

    said = SetGroupTerms(group_id=consumer.group_ids[0], expected_version=1, price_mode=NET)
    view = await shop(set_group_terms, said, KEEPER)

    assert (view.price_mode, await rules_changed(shop)) == (NET, before + 1)
    (told,) = [event for event in shop.emitted if isinstance(event, GroupTermsChanged)][-1:]
    assert (told.terms.version, told.terms.price_mode) == (2, NET)
    assert await costs(shop, customer(consumer.id)) == ("100.00", NET)


async def test_a_mode_without_a_price_has_none_and_cannot_be_ordered(shop: Shop, consumer: CustomerSnapshot) -> None:
    await sells_both(shop, "50.00", None, "stool")
    actor = customer(consumer.id)

    assert await costs(shop, actor, "stool") == (None, GROSS)
    for ordering in (
        shop(quote_items, QuoteItems(lines=[a_line("stool")]), actor),
        shop.holds(a_hold(consumer, a_line("stool"))),
    ):
        with pytest.raises(PriceUnavailable) as refused:
            await ordering
        assert "tax included" in refused.value.errors[0].message
    (line,) = (await shop(read_quick_order, ReadQuickOrder(text="stool 2"), actor)).lines
    assert (line.code, line.unit_price) == ("PRICE_UNAVAILABLE", None)


async def test_a_list_counts_for_buyers_of_its_mode(shop: Shop, consumer: CustomerSnapshot) -> None:
    reseller = a_buyer()
    await shop.knows(reseller)
    both = to(consumer, reseller)
    await agreed(shop, both, row("80.00"))
    await agreed(shop, both, row("90.00"), mode=GROSS)
    await agreed(shop, [EVERYONE], off("5"), mode=GROSS)

    told = await seen(shop, customer(consumer.id))
    assert [price and str(price.amount) for price in (told.unit_price, told.public_price, told.savings)] == [
        "90.00",
        "114.00",
        "30.00",
    ]
    assert await costs(shop, customer(reseller.id)) == ("80.00", NET)


async def test_an_explanation_names_the_lists_of_the_other_mode_without_their_amounts(
    shop: Shop, consumer: CustomerSnapshot
) -> None:
    await agreed(shop, to(consumer), row(SECRET))

    told = await shop(explain_price, ExplainPrice(sku="chair", customer_id=consumer.id), KEEPER)

    assert (told.price_mode, told.unit_price) == (GROSS, eur("120.00"))
    assert [step.code for step in told.trace] == ["OTHER_PRICE_MODE", "PRICE"]
    assert SECRET not in told.model_dump_json()


async def test_quotes_and_holds_are_in_the_buyers_mode(shop: Shop, consumer: CustomerSnapshot) -> None:
    await shop.receives("chair", 10)
    actor = customer(consumer.id)

    quote = await shop(quote_items, QuoteItems(lines=[a_line("chair", 2)]), actor)
    held = await shop.holds(a_hold(consumer, a_line("chair", 2)))

    assert (quote.price_mode, quote.subtotal, quote.orderable) == (GROSS, Money(Decimal(240), "EUR"), True)
    assert (held.price_mode, held.lines[0].unit_price) == (GROSS, eur("120.00"))
    pasted = await shop(read_quick_order, ReadQuickOrder(text="chair 2"), actor)
    assert (pasted.price_mode, pasted.subtotal) == (GROSS, Money(Decimal(240), "EUR"))


@pytest.mark.parametrize(("quantity", "missing"), [(3, "40.00"), (4, None)])
async def test_the_amount_of_a_minimum_is_in_the_buyers_mode(
    shop: Shop, consumer: CustomerSnapshot, quantity: int, missing: str | None
) -> None:
    group_id = consumer.group_ids[0]
    amount = Money(Decimal(400), "EUR")
    fee = Money(Decimal(6), "EUR")
    said = {"minimum_subtotal": amount, "action": "surcharge", "surcharge": fee, "price_mode": GROSS}
    await shop(set_group_terms, SetGroupTerms(group_id=group_id, expected_version=1, **said), KEEPER)

    quote = await shop(quote_items, QuoteItems(lines=[a_line("chair", quantity)]), customer(consumer.id))

    assert (quote.minimum and str(quote.minimum.shortfall.amount)) == missing
    assert (quote.minimum and quote.minimum.surcharge) == (fee if missing else None)


async def test_below_the_minimum_retail_prices_are_in_the_buyers_mode(shop: Shop, consumer: CustomerSnapshot) -> None:
    await agreed(shop, to(consumer), row("60.00"), mode=GROSS)
    said = {"minimum_qty": Decimal(5), "action": "retail_price", "price_mode": GROSS}
    await shop(set_group_terms, SetGroupTerms(group_id=consumer.group_ids[0], expected_version=1, **said), KEEPER)

    async def unit(quantity: int) -> Any:
        quote = await shop(quote_items, QuoteItems(lines=[a_line("chair", quantity)]), customer(consumer.id))
        return quote.lines[0].unit_price

    assert (await unit(4), await unit(5)) == (eur("120.00"), eur("60.00"))
    said |= {"action": "block"}
    await shop(set_group_terms, SetGroupTerms(group_id=consumer.group_ids[0], expected_version=2, **said), KEEPER)
    with pytest.raises(OrderMinimum):
        await shop.holds(a_hold(consumer, a_line("chair", 4)))


@pytest.mark.parametrize(("price", "accepted"), [("111.00", True), ("110.99", False), ("100.00", False)])
async def test_an_agents_price_is_held_against_the_price_of_the_buyers_mode(
    shop: Shop, consumer: CustomerSnapshot, price: str, *, accepted: bool
) -> None:
    seller = a_seller()
    served = a_buyer(*consumer.group_ids, agent_id=seller.id)
    await shop.knows(seller, served)
    asked = QuoteItems(customer_id=served.id, lines=[a_line("chair", unit_price=eur(price))])

    if accepted:
        assert (await shop(quote_items, asked, agent(seller.id))).subtotal == Money(Decimal(price), "EUR")
    else:
        with pytest.raises(AgentPriceBound):
            await shop(quote_items, asked, agent(seller.id))


async def test_searches_sort_and_narrow_by_the_prices_of_the_callers_mode(
    shop: Shop, consumer: CustomerSnapshot
) -> None:
    await sells_both(shop, "10.00", "900.00", "stool")

    async def found(actor: Actor, **asked: Any) -> list[str]:
        result = await shop(search_products, SearchProducts(sort=Sort.PRICE, **asked), actor)
        return [product.code for product in result.items]

    actor = customer(consumer.id)
    assert (await found(actor), await found(VISITOR)) == (["chair", "stool"], ["stool", "chair"])
    cheap = {"max_price": Decimal(150)}
    assert (await found(actor, **cheap), await found(VISITOR, **cheap)) == (["chair"], ["stool", "chair"])


@pytest.mark.parametrize("secret", [NET, GROSS])
async def test_no_amount_of_one_mode_is_told_in_a_look_of_the_other(
    shop: Shop, consumer: CustomerSnapshot, secret: Any
) -> None:
    prices = (SECRET, "9000.00") if secret is NET else ("9000.00", SECRET)
    await sells_both(shop, *prices, sku="sofa", cost=eur("1.00"))
    for to_whom in (to(consumer), [EVERYONE]):
        await agreed(shop, to_whom, row(SECRET, "sofa"), row(SECRET, "sofa", min_qty="3"), mode=secret)
    actor = customer(consumer.id) if secret is NET else VISITOR

    answers = [
        await seen(shop, actor, "sofa"),
        await shop(quote_items, QuoteItems(lines=[a_line("sofa", 4)]), actor),
        await shop(read_quick_order, ReadQuickOrder(text="sofa 4"), actor),
        await shop(search_products, SearchProducts(sort=Sort.PRICE), actor),
    ]

    told = "\n".join(answer.model_dump_json() for answer in answers)
    assert "9000.00" in told
    assert SECRET not in told

"""Quotes and products carry how each price came about, for staff and agents who ask for it."""

import pytest

from services.catalog.handlers.queries.quotes import quote_items
from services.catalog.handlers.queries.storefront import get_product, list_products
from services.catalog.tests.samples import CLERK, Shop, a_buyer, a_group, a_line
from shared.contracts.catalog.quotes import QuoteItems
from shared.contracts.catalog.storefront import GetProduct, ListProducts
from shared.contracts.catalog.traces import PriceTrace, RuleOutcome
from shared.kernel.problems import Forbidden
from shared.testing import customer


def told(trace: list[PriceTrace] | None) -> list[tuple[str, RuleOutcome]]:
    assert trace is not None
    return [(step.level.value, step.outcome) for step in trace]


async def test_a_trace_comes_with_the_price_where_it_is_asked_for(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    chair = await shop.sells("chair", on_hand=3)
    await shop.charges(group, "chair", "92")

    asked = {"customer_id": buyer.id, "trace": True}
    quote = await shop(quote_items, QuoteItems(lines=[a_line("chair")], **asked), CLERK)
    product = await shop(get_product, GetProduct(id=chair.id, **asked), CLERK)
    page = await shop(list_products, ListProducts(customer_id=buyer.id), CLERK)

    own = GetProduct(id=chair.id, trace=True)
    came = [("group", RuleOutcome.APPLIED), ("base", RuleOutcome.SHADOWED_BY)]
    assert told(quote.lines[0].trace) == told(product.variants[0].trace) == came
    assert page.items[0].variants[0].trace is None
    for handle, question in ((quote_items, QuoteItems(lines=[a_line("chair")], trace=True)), (get_product, own)):
        with pytest.raises(Forbidden):
            await shop(handle, question, customer(buyer.id))

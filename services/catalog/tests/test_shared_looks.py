"""Looks are shared by all whom no rule tells apart, also in a shop that limits quantities."""

from decimal import Decimal

import pytest

from services.catalog.handlers.loading import shelves
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import limits
from services.catalog.tests.samples import Shop, a_buyer, a_group
from shared.contracts.catalog.storefront import ListProducts
from shared.contracts.customers.customers import CustomerSnapshot
from shared.kernel.ids import new_id
from shared.testing import customer


async def looks(shop: Shop, *buyers: CustomerSnapshot) -> tuple[int, list[Decimal | None]]:
    """Return how many looks are remembered more than before, and of how many at once each buyer must order."""
    before, seen = len(shelves.SHELF._kept), list[Decimal | None]()
    for buyer in buyers:
        (product,) = (await shop(list_products, ListProducts(), customer(buyer.id))).items
        quantities = product.variants[0].quantities
        seen.append(quantities and quantities.multiple)
    return len(shelves.SHELF._kept) - before, seen


@pytest.mark.parametrize("scope", ["everyone", "group", "customer"])
async def test_only_who_is_named_by_a_quantity_rule_looks_otherwise(shop: Shop, scope: str) -> None:
    group = a_group()
    named, ann, bob = a_buyer(group.id), a_buyer(), a_buyer()
    await shop.knows(group, named, ann, bob)
    chair = await shop.sells("chair")
    ids = {"everyone": None, "group": group.id, "customer": named.id}
    await limits(shop, "product", chair.id, buyer_scope=scope, buyer_id=ids[scope], multiple="4")

    count, multiples = await looks(shop, named, ann, bob)

    assert (count, multiples) == {
        "everyone": (1, [4, 4, 4]),
        "group": (2, [4, None, None]),
        "customer": (2, [4, None, None]),
    }[scope]


async def test_rules_of_others_leave_everybody_one_look(shop: Shop) -> None:
    buyers = [a_buyer() for _ in range(4)]
    await shop.knows(*buyers)
    chair = await shop.sells("chair")
    await limits(shop, "product", chair.id, buyer_scope="customer", buyer_id=new_id(), multiple="4")

    assert await looks(shop, *buyers) == (1, [None] * 4)

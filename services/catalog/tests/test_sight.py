"""What somebody may not see is nowhere: not in a list, a count, a link, a quote, a pasted list or an order."""

import random
from collections import Counter
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.visibility import VisibilityFact, decide
from services.catalog.handlers.commands.holds import hold_items
from services.catalog.handlers.commands.links import set_product_links
from services.catalog.handlers.commands.products import change_product, create_product
from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.handlers.queries.quotes import quote_items, read_quick_order
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import get_product, list_products, list_related_products
from services.catalog.tests.dealing import a_category, settled, shows
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_group, a_hold, a_line, eur
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.categories import CategoryView
from shared.contracts.catalog.explanations import ExplainPrice
from shared.contracts.catalog.links import LinkKind, SetProductLinks
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.prices import ProductNotAvailable
from shared.contracts.catalog.products import (
    ChangeProduct,
    CreateProduct,
    NewVariant,
    ProductNotFound,
    ProductSheet,
    ProductStatus,
)
from shared.contracts.catalog.quotes import QuoteItems, ReadQuickOrder
from shared.contracts.catalog.search import SearchProducts, Sort
from shared.contracts.catalog.storefront import GetProduct, ListProducts, ListRelatedProducts
from shared.contracts.customers.customers import CustomerStatus
from shared.kernel.problems import Problem
from shared.testing import customer

PRODUCTS, RULES = 8, 14


class World:
    """A tree of categories, products in some of them, and rules by chance about who sees what."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.chance = shop, random.Random(seed)
        self.groups = [a_group(code) for code in ("a", "b", "visitor")]
        a, b, _ = self.groups
        self.buyers = [
            a_buyer(a.id),
            a_buyer(a.id, b.id),
            a_buyer(),
            a_buyer(a.id, status=CustomerStatus.PENDING),
        ]
        self.categories: list[CategoryView] = []
        self.products: list[ProductSheet] = []
        self.rules: list[VisibilityFact] = []
        self.default = self.chance.random() < 0.5

    async def furnish(self) -> None:
        shop, chance = self.shop, self.chance
        await shop.knows(*self.groups, *self.buyers)
        for number in range(5):
            parent = chance.choice([None, *self.categories])
            self.categories.append(await a_category(shop, f"c{number}", parent))
        for number in range(PRODUCTS):
            self.products.append(await self.sells(number))
        first, *others = self.products
        ids = [one.id for one in others]
        links = SetProductLinks(id=first.id, expected_version=1, link_kind=LinkKind.CROSS_SELL, product_ids=ids)
        await shop(set_product_links, links, KEEPER)
        pairs = list(product([None, *self.groups, *self.buyers], (*self.categories, *self.products)))
        for buyer, target in chance.sample(pairs, RULES):
            await self.rules_on(buyer, target, visible=chance.random() < 0.5)
        if not self.default:
            await settled(shop, shop_visibility="hidden")

    async def sells(self, number: int) -> ProductSheet:
        places = self.chance.sample([one.id for one in self.categories], self.chance.randrange(3))
        variant = NewVariant(sku=f"sku-{number}", base_price=eur(str(number + 1)))
        command = CreateProduct(
            name=f"Chair {number}", variants=[variant], category_ids=places, attributes={"all": ["yes"]}
        )
        made: ProductSheet = await self.shop(create_product, command, KEEPER)
        await self.shop.receives(f"sku-{number}", 5)
        return made

    async def rules_on(self, buyer: Any, target: CategoryView | ProductSheet, *, visible: bool) -> None:
        scope = Scope.CATEGORY if isinstance(target, CategoryView) else Scope.PRODUCT
        view = await shows(self.shop, scope, target.id, buyer, visible=visible)
        number, buyer_id = len(self.rules) + 1, view.buyer_id or PUBLIC
        self.rules.append(VisibilityFact(view.id, number, view.buyer_scope, buyer_id, scope, target.id, visible))

    def seen_by(self, viewer: Viewer) -> set[str]:
        """Return the codes of what a viewer sees, as the rule says it."""
        paths = {one.id: one.path for one in self.categories}
        return {
            one.code
            for one in self.products
            if decide(one.id, [paths[id_] for id_ in one.category_ids], self.rules, viewer, self.default).visible
        }

    def viewers(self) -> list[tuple[Actor, Viewer]]:
        visitor = Viewer(group_ids=frozenset({self.groups[2].id}))
        own = [
            visitor if one.status is CustomerStatus.PENDING else Viewer(one.id, group_ids=frozenset(one.group_ids))
            for one in self.buyers
        ]
        return [(VISITOR, visitor), *zip((customer(one.id) for one in self.buyers), own, strict=True)]


@pytest.fixture(params=range(4))
async def world(request: pytest.FixtureRequest, shop: Shop) -> World:
    made = World(shop, request.param)
    await made.furnish()
    return made


async def test_every_door_shows_what_the_rules_allow_and_nothing_else(world: World) -> None:
    shop = world.shop
    assert len({frozenset(world.seen_by(viewer)) for _, viewer in world.viewers()}) > 1
    for actor, viewer in world.viewers():
        expected = world.seen_by(viewer)

        page = await shop(list_products, ListProducts(), actor)
        assert {one.code for one in page.items} == expected
        for sort in Sort:
            result = await shop(search_products, SearchProducts(q="chair", sort=sort), actor)
            assert ({one.code for one in result.items}, result.total) == (expected, len(expected))
            counted = {value.count for facet in result.facets for value in facet.values}
            assert counted == ({len(expected)} if expected else set())
            assert {one.category_id: one.count for one in result.categories} == _places(world, expected)
        for category in world.categories:
            narrowed = await shop(list_products, ListProducts(category_id=category.id), actor)
            assert {one.code for one in narrowed.items} == expected & _below(world, category)
        await _related(world, actor, expected)
        for one in world.products:
            await _one(world, actor, one, visible=one.code in expected)


def _places(world: World, codes: set[str]) -> dict[UUID, int]:
    return dict(Counter(id_ for one in world.products if one.code in codes for id_ in one.category_ids))


def _below(world: World, category: CategoryView) -> set[str]:
    below = {one.id for one in world.categories if category.id in one.path}
    return {one.code for one in world.products if below & set(one.category_ids)}


async def _related(world: World, actor: Actor, expected: set[str]) -> None:
    first = world.products[0]
    query = ListRelatedProducts(id=first.id)
    if first.code in expected:
        assert {one.code for one in (await world.shop(list_related_products, query, actor)).items} == expected - {
            first.code
        }
    else:
        with pytest.raises(ProductNotFound):
            await world.shop(list_related_products, query, actor)


async def _one(world: World, actor: Actor, sold: ProductSheet, *, visible: bool) -> None:
    shop, line = world.shop, a_line(sold.variants[0].sku)
    (pasted,) = (await shop(read_quick_order, ReadQuickOrder(text=line.sku), actor)).lines
    assert (pasted.sku, pasted.code) == ((line.sku, None) if visible else (None, "PRODUCT_NOT_AVAILABLE"))
    assert (await shop(list_products, ListProducts(sku=line.sku), actor)).items == [] or visible
    attempts: list[tuple[Any, Any]] = [
        (get_product, GetProduct(id=sold.id)),
        (quote_items, QuoteItems(lines=[line])),
    ]
    buyer = next((one for one in world.buyers if one.id == actor.id), None)
    if buyer is not None and buyer.status is CustomerStatus.APPROVED:
        attempts.append((hold_items, a_hold(buyer, line)))
    for handler, message in attempts:
        if visible:
            await shop(handler, message, actor)
        else:
            with pytest.raises(Problem) as refused:
                await shop(handler, message, actor)
            assert isinstance(refused.value, ProductNotFound | ProductNotAvailable)
            assert refused.value.status == 404
    query = ExplainPrice(sku=line.sku, customer_id=actor.id)
    if visible:
        await shop(explain_price, query, CLERK)
    else:
        with pytest.raises(ProductNotAvailable):
            await shop(explain_price, query, CLERK)


async def test_what_is_deactivated_is_nowhere_either(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    gone, kept = await shop.sells("gone", on_hand=5), await shop.sells("kept", on_hand=5)
    links = SetProductLinks(id=kept.id, expected_version=1, link_kind=LinkKind.UP_SELL, product_ids=[gone.id])
    await shop(set_product_links, links, KEEPER)
    leave = ChangeProduct(id=gone.id, expected_version=1, status=ProductStatus.DISCONTINUED)
    await shop(change_product, leave, KEEPER)

    related = await shop(list_related_products, ListRelatedProducts(id=kept.id, kind=LinkKind.UP_SELL))
    assert related.items == []
    assert (await shop(search_products, SearchProducts())).total == 1
    with pytest.raises(ProductNotAvailable):
        await shop(quote_items, QuoteItems(lines=[a_line("gone")]), customer(buyer.id))
    with pytest.raises(ProductNotAvailable):
        await shop.holds(a_hold(buyer, a_line("gone")))

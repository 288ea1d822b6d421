"""The order of a search by price is that of the prices themselves, whatever decides them and for whomever."""

import random
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.loading import browsing
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import EVERYONE, a_category, agreed, off, row, settled, to
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, eur
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.categories import CategoryView
from shared.contracts.catalog.price_lists import AdjustmentKind, Reference, Scope
from shared.contracts.catalog.products import BasePriceView, CreateProduct, NewVariant, ProductSheet
from shared.contracts.catalog.search import SearchProducts, SearchTooBroad, Sort
from shared.contracts.catalog.storefront import ListProducts
from shared.kernel.money import UnitPrice
from shared.testing import customer

GOODS = 24
KINDS = (AdjustmentKind.FIXED, AdjustmentKind.PERCENT_OFF, AdjustmentKind.AMOUNT_OFF)


class World:
    """A shop with goods in a tree, lists that speak of all kinds of targets, and who looks at it."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.dice = shop, random.Random(seed)
        self.categories: list[CategoryView] = []
        self.products: list[ProductSheet] = []
        self.viewers: list[Actor] = [VISITOR]

    async def furnish(self) -> None:
        for number in range(4):
            above = self.categories[number - 1] if number % 2 else None
            self.categories.append(await a_category(self.shop, f"shelf-{number}", above))
        self.products = [await self.sells(number) for number in range(GOODS)]
        groups = [a_group(f"group-{number}") for number in range(2)]
        buyers = [a_buyer(*(group.id for group in groups)), a_buyer(groups[0].id), a_buyer()]
        await self.shop.knows(*groups, *buyers)
        self.viewers += [customer(buyer.id) for buyer in buyers]
        await agreed(self.shop, to(groups[0]), *self.rows(Scope.VARIANT, 6), stackable=True)
        await agreed(self.shop, to(groups[1]), *self.rows(Scope.CATEGORY, 2), *self.rows(Scope.PRODUCT, 3))
        await agreed(self.shop, to(buyers[0]), *self.rows(Scope.VARIANT, 3), off("4", min_qty="6"))
        if self.dice.random() < 0.5:
            await agreed(self.shop, [EVERYONE], *self.rows(Scope.PRODUCT, 4))
        if self.dice.random() < 0.5:
            await agreed(self.shop, to(groups[1]), off("3"))
        for scope in self.dice.sample([Scope.VARIANT, Scope.PRODUCT, Scope.CATEGORY, Scope.ALL], 2):
            targets = [] if scope is Scope.ALL else list(dict.fromkeys(self.target(scope) for _ in range(2)))
            percent = Decimal(self.dice.randrange(5, 30))
            await promoted(self.shop, code=f"sale-{scope}", scope=scope, targets=targets, value=percent)

    async def sells(self, number: int) -> ProductSheet:
        """Sell a product of one or two variants, some without a price in euros, some with a floor."""
        variants = []
        for place in range(self.dice.choice((1, 1, 2))):
            price = eur(self.dice.choice(("9.90", "12.50", "19.90", "100", f"{self.dice.randrange(1, 5000)}.07")))
            floor = eur(str(price.amount / 2)[:4]) if self.dice.random() < 0.3 else None
            prices = [BasePriceView(unit_price=price, floor=floor)]
            if self.dice.random() < 0.1:
                prices = [BasePriceView(unit_price=UnitPrice(Decimal(7), "USD"))]
            variants.append(NewVariant(sku=f"sku-{number}-{place}", prices=prices, options=self.option(place)))
        shelves = self.dice.sample([one.id for one in self.categories], self.dice.randrange(3))
        made = CreateProduct(name=f"Chair {number}", options=OPTIONS, variants=variants, category_ids=shelves)
        product: ProductSheet = await self.shop(create_product, made, KEEPER)
        return product

    def option(self, place: int) -> dict[str, str]:
        return {"size": "SM"[place]}

    def target(self, scope: Scope) -> str:
        """Return something that a row or a promotion may be about."""
        product = self.dice.choice(self.products)
        named = {Scope.VARIANT: product.variants[0].sku, Scope.PRODUCT: product.code}
        return named.get(scope) or self.dice.choice(self.categories).code

    def rows(self, scope: Scope, count: int) -> list[Any]:
        """Return rows about so many targets, of all kinds, some from a larger quantity on."""
        rows = []
        for target in dict.fromkeys(self.target(scope) for _ in range(count)):
            kind, least = self.dice.choice(KINDS), self.dice.choice(("1", "1", "0.5", "5"))
            reference = Reference.BASE if kind is AdjustmentKind.FIXED else self.dice.choice(list(Reference))
            value = str(self.dice.randrange(1, 40))
            rows.append(row(value, target, scope, kind=kind, min_qty=least, reference=reference))
        return rows

    async def prices(self, actor: Actor, **narrowed: Any) -> dict[UUID, Decimal | None]:
        """Return what the cheapest variant of each product costs, as the list of products tells it."""
        page = await self.shop(list_products, ListProducts(limit=100, **narrowed), actor)
        each = {one.id: [variant.unit_price for variant in one.variants if variant.unit_price] for one in page.items}
        return {id_: min((price.amount for price in found), default=None) for id_, found in each.items()}

    async def order(self, actor: Actor, **query: Any) -> list[UUID]:
        """Return what a search finds, page by page."""
        found, cursor = list[UUID](), None
        while True:
            page = await self.shop(search_products, SearchProducts(limit=7, cursor=cursor, **query), actor)
            found += [one.id for one in page.items]
            cursor = page.next
            if cursor is None:
                assert len(found) == page.total
                return found


OPTIONS = [{"code": "size", "name": "Size", "values": ["S", "M"]}]


@pytest.fixture(params=range(4))
async def world(request: pytest.FixtureRequest, shop: Shop) -> World:
    made = World(shop, request.param)
    await made.furnish()
    return made


def by_price(prices: dict[UUID, Decimal | None], *, falling: bool = False) -> list[UUID]:
    priced = sorted((amount, id_.bytes, id_) for id_, amount in prices.items() if amount is not None)
    unpriced = sorted(id_ for id_, amount in prices.items() if amount is None)
    return [id_ for *_, id_ in (priced[::-1] if falling else priced)] + unpriced


async def test_products_come_in_the_order_of_their_prices(world: World) -> None:
    for settings in ({}, {"price_policy": "lowest"}, {"cap_at_public": False, "price_policy": "most_specific"}):
        if settings:
            await settled(world.shop, **settings)
        for actor in world.viewers:
            prices = await world.prices(actor)
            assert len(prices) == GOODS
            assert await world.order(actor, sort=Sort.PRICE) == by_price(prices)
            assert await world.order(actor, sort=Sort.PRICE_DESC) == by_price(prices, falling=True)


async def test_a_range_of_a_category_holds_what_costs_so_much(world: World) -> None:
    for actor in world.viewers:
        for category in world.categories:
            prices = await world.prices(actor, category_id=category.id)
            known = sorted(amount for amount in prices.values() if amount is not None)
            if not known:
                continue
            middle = known[len(known) // 2]
            cheap = {id_: amount for id_, amount in prices.items() if amount is not None and amount <= middle}
            asked = {"category_id": category.id, "max_price": middle}
            assert await world.order(actor, sort=Sort.PRICE, **asked) == by_price(cheap)
            assert set(await world.order(actor, sort=Sort.NAME, **asked)) == set(cheap)
            assert set(await world.order(actor, q="chair", **asked)) == set(cheap)


async def test_more_than_can_be_computed_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    for number in range(3):
        await shop.sells(f"chair-{number}", "10")
    await agreed(shop, to(group), row("7", "chair-0"), row("8", "chair-1"))

    monkeypatch.setattr(browsing, "PRICED_AT_ONCE", 2)
    assert len((await shop(search_products, SearchProducts(sort=Sort.PRICE), customer(buyer.id))).items) == 3
    for most in ("PRICED_AT_ONCE", "COMPUTED_AT_ONCE"):
        monkeypatch.setattr(browsing, most, 1)
        with pytest.raises(SearchTooBroad) as refused:
            await shop(search_products, SearchProducts(q="chair", sort=Sort.PRICE), customer(buyer.id))
        assert refused.value.details == {"limit": 1}
        monkeypatch.setattr(browsing, most, 2)


async def test_where_no_rule_is_about_any_product_none_is_computed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, price in enumerate(("30", "10", "20")):
        await shop.sells(f"chair-{number}", price)
    monkeypatch.setattr(browsing, "PRICED_AT_ONCE", 0)

    found = await shop(search_products, SearchProducts(sort=Sort.PRICE))

    assert [one.variants[0].unit_price.amount for one in found.items] == [10, 20, 30]

"""Nobody's price is told to anybody else: odd amounts for each, looked for in everything that others are answered."""

import base64
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.holds import hold_items
from services.catalog.handlers.commands.links import set_product_links
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.handlers.queries.quotes import quote_items, read_quick_order
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import get_product, list_products, list_related_products
from services.catalog.tests.dealing import EVERYONE, a_company, agreed, bargains, off, row, to
from services.catalog.tests.promoting import NOON, promoted
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, a_hold, a_line, a_seller, eur
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.explanations import ExplainPrice
from shared.contracts.catalog.links import LinkKind, SetProductLinks
from shared.contracts.catalog.price_lists import ListStatus, ListTarget, PriceLevel, Scope
from shared.contracts.catalog.products import BasePriceView, CreateProduct, NewVariant, ProductSheet
from shared.contracts.catalog.quotes import QuoteItems, ReadQuickOrder
from shared.contracts.catalog.search import SearchProducts, Sort
from shared.contracts.catalog.storefront import GetProduct, ListProducts, ListRelatedProducts
from shared.contracts.customers.customers import CustomerSnapshot, CustomerStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.problems import Problem
from shared.testing import agent, customer

PRODUCTS = 5


class World:
    """A shop with odd prices for everybody: `secrets` are, by whom they are for, the amounts nobody else may read."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.chance = shop, random.Random(seed)
        self.left = iter(self.chance.sample(range(10_000, 99_999), 500))
        self.secrets: dict[str, set[str]] = {}
        self.products: list[ProductSheet] = []
        self.groups = {code: a_group(code, show_prices=code != "closed") for code in ("a", "b", "closed", "visitor")}
        self.seller = a_seller(max_discount_percent=Decimal(1), max_increase_percent=Decimal(1))
        self.buyers: dict[str, CustomerSnapshot] = {}

    def amount(self, whose: str) -> str:
        """Return an amount that is like no other, and keep in mind whose it is."""
        amount = f"{next(self.left)}.{self.chance.randrange(11, 99)}"
        self.secrets.setdefault(whose, set()).add(amount)
        return amount

    async def furnish(self) -> None:
        shop, group = self.shop, self.groups
        company = await a_company(shop)
        mine = {"agent_id": self.seller.id}
        self.buyers = {
            "of a": a_buyer(group["a"].id, company_id=company.id, **mine),
            "of b": a_buyer(group["b"].id),
            "of a and b": a_buyer(group["a"].id, group["b"].id),
            "of none": a_buyer(),
            "of closed": a_buyer(group["closed"].id),
            "pending": a_buyer(group["a"].id, status=CustomerStatus.PENDING, **mine),
        }
        await shop.knows(*group.values(), self.seller, *self.buyers.values())
        self.products = [await self.sells(number) for number in range(PRODUCTS)]
        first, *others = self.products
        links = SetProductLinks(
            id=first.id, expected_version=1, link_kind=LinkKind.CROSS_SELL, product_ids=[one.id for one in others]
        )
        await shop(set_product_links, links, KEEPER)
        for code in group:
            await self.prices(code, to(group[code]))
        for name in ("of a", "of b", "pending"):
            await self.prices(name, to(self.buyers[name]))
        await self.prices("company", to(company))
        await self.prices("everyone", [EVERYONE], off("3.17", min_qty="40"))
        await self.prices("nobody", to(self.buyers["of a"], self.buyers["of b"]), status=ListStatus.DRAFT)
        await self.prices("nobody", to(group["a"]), starts_at=NOON)
        await self.prices("nobody", to("ch"))
        await promoted(shop, at=NOON, starts_at=NOON, scope=Scope.ALL, targets=[], value=Decimal("41.73"))
        minimum = Money(Decimal(self.amount("b")), "EUR")
        await bargains(shop, group["b"], minimum_subtotal=minimum, action="block")

    async def sells(self, number: int) -> ProductSheet:
        price = BasePriceView(unit_price=eur(self.amount("everyone")), floor=eur("17.53"))
        variant = NewVariant(sku=f"sku-{number}", prices=[price], cost=eur(self.amount("nobody")))
        command = CreateProduct(name=f"Chair {number}", variants=[variant], attributes={"number": [str(number)]})
        made: ProductSheet = await self.shop(create_product, command, KEEPER)
        return made

    async def prices(self, whose: str, targets: list[ListTarget], *more: Any, **given: Any) -> None:
        """Enter a list with odd prices, from one and from twelve pieces on, some higher than everyone's."""
        skus = self.chance.sample([f"sku-{number}" for number in range(PRODUCTS)], 4)
        rows = [row(self.amount(whose), sku) for sku in skus]
        rows += [row(self.amount(whose), sku, min_qty="12") for sku in skus[:2]]
        view = await agreed(self.shop, targets, *rows, *more, name=f"List of {whose} {new_id()}", **given)
        self.secrets[whose] |= {str(view.id), view.code, view.name}

    def foreign(self, *own: str) -> set[str]:
        return {secret for whose, secrets in self.secrets.items() if whose not in own for secret in secrets}


@pytest.fixture(params=range(3))
async def world(request: pytest.FixtureRequest, shop: Shop) -> World:
    made = World(shop, request.param)
    await made.furnish()
    return made


def questions(world: World, buyer_id: Any, other_id: Any) -> Iterator[tuple[Any, Any]]:
    """Yield everything that can be asked of the storefront: what is answered, and what is refused."""
    whose = {"customer_id": buyer_id}
    skus = [f"sku-{number}" for number in range(PRODUCTS)]
    yield list_products, ListProducts(**whose)
    yield list_products, ListProducts(currency="USD", **whose)
    yield list_related_products, ListRelatedProducts(id=world.products[0].id, **whose)
    for product in world.products:
        yield get_product, GetProduct(id=product.id, **whose)
    for sort in Sort:
        yield search_products, SearchProducts(sort=sort, limit=2, **whose)
        yield search_products, SearchProducts(sort=sort, q="chair", min_price=Decimal(20_000), **whose)
    yield search_products, SearchProducts(q="chiar", max_price=Decimal(50_000), **whose)
    for quantity in (1, 12, 60):
        yield quote_items, QuoteItems(lines=[a_line(sku, quantity) for sku in skus], **whose)
        yield read_quick_order, ReadQuickOrder(text="\n".join(f"{sku} {quantity}" for sku in skus), **whose)
    yield quote_items, QuoteItems(lines=[a_line("sku-0"), a_line("sofa")], **whose)
    yield quote_items, QuoteItems(lines=[a_line("sku-0")], currency="USD", **whose)
    yield quote_items, QuoteItems(lines=[a_line("sku-0", unit_price=eur("1"))], **whose)
    yield quote_items, QuoteItems(lines=[a_line("sku-1", discount_percent=Decimal(50))], **whose)
    yield list_products, ListProducts(customer_id=other_id)
    yield quote_items, QuoteItems(lines=[a_line("sku-0")], customer_id=other_id)
    yield explain_price, ExplainPrice(sku="sku-0", customer_id=buyer_id, quantity=Decimal(12))
    yield explain_price, ExplainPrice(sku="sku-0", customer_id=other_id)
    for buyer in world.buyers.values():
        if buyer.id in (buyer_id, other_id):
            yield hold_items, a_hold(buyer, *(a_line(sku) for sku in skus))
            yield hold_items, a_hold(buyer, a_line("sku-0", unit_price=eur("1")))


async def told(world: World, actor: Actor, buyer_id: Any, other_id: Any) -> str:
    """Return everything that somebody is answered, as JSON, cursors opened."""
    answers = []
    for handler, query in questions(world, buyer_id, other_id):
        try:
            answer = (await world.shop(handler, query, actor)).model_dump_json()
        except Problem as problem:
            answer = json.dumps(problem.to_dict(), default=str)
        answers.append(answer)
        cursor = json.loads(answer).get("next")
        if cursor is not None and handler is search_products:
            answers.append(base64.urlsafe_b64decode(cursor + "==").decode())
    return "\n".join(answers)


WHO = {
    "visitor": {"visitor", "everyone"},
    "of a": {"a", "of a", "company", "everyone"},
    "of b": {"b", "of b", "everyone"},
    "of a and b": {"a", "b", "everyone"},
    "of none": {"everyone"},
    "of closed": set(),
    "pending": {"visitor", "everyone"},
    "agent for a": {"a", "of a", "company", "everyone"},
    "agent for the pending one": {"visitor", "everyone"},
}
FOR = {"agent for a": "of a", "agent for the pending one": "pending"}


async def test_p9_no_answer_tells_anybody_elses_price(world: World) -> None:
    for who, own in WHO.items():
        other = world.buyers["of b" if who != "of b" else "of a"]
        buyer = world.buyers.get(FOR.get(who, who))
        actor = VISITOR if buyer is None else agent(world.seller.id) if who in FOR else customer(buyer.id)

        answers = await told(world, actor, buyer and buyer.id, other.id)

        assert (who, [secret for secret in world.foreign(*own) if secret in answers]) == (who, [])
        seen = {secret for whose in own for secret in world.secrets[whose] if secret in answers}
        assert len(seen) > 5 or who == "of closed"
        strangers = {one.id for one in (*world.groups.values(), *world.buyers.values()) if one not in (buyer, other)}
        assert (who, [id_ for id_ in strangers if str(id_) in answers]) == (who, [])
        assert "41.73" not in answers, "a promotion that has not begun"


async def test_a_quote_agreed_with_one_is_told_to_nobody_else(world: World) -> None:
    buyer = world.buyers["of none"]
    locked = world.amount("quote")
    await agreed(world.shop, to(buyer), row(locked, "sku-0"), level=PriceLevel.QUOTE)

    assert locked in await told(world, customer(buyer.id), buyer.id, world.buyers["of a"].id)
    assert locked not in await told(world, VISITOR, None, buyer.id)


async def test_an_order_or_a_range_by_price_goes_by_ones_own_price_alone(world: World) -> None:
    for who in ("of a", "of b", "of none", "visitor"):
        actor = customer(world.buyers[who].id) if who in world.buyers else VISITOR
        whole = await found(world, actor, sort=Sort.PRICE)

        assert whole == sorted(whole)
        assert await found(world, actor, sort=Sort.PRICE_DESC) == whole[::-1]
        middle = whole[2][0]
        assert await found(world, actor, sort=Sort.PRICE, max_price=middle) == whole[:3]
        assert await found(world, actor, sort=Sort.PRICE, min_price=middle) == whole[2:]


async def found(world: World, actor: Actor, **query: Any) -> list[tuple[Decimal, str]]:
    result = await world.shop(search_products, SearchProducts(**query), actor)
    return [(product.variants[0].unit_price.amount, product.code) for product in result.items]


async def test_hidden_prices_show_in_no_order_range_or_count(world: World) -> None:
    actor = customer(world.buyers["of closed"].id)

    async def shown(**query: Any) -> tuple[list[str], int, Any]:
        result = await world.shop(search_products, SearchProducts(**query), actor)
        return [product.code for product in result.items], result.total, result.price_range

    ranges = [{"min_price": Decimal(low), "max_price": Decimal(low + 10_000)} for low in range(0, 100_000, 10_000)]

    assert {str(await shown(sort=sort, **given)) for sort in Sort for given in ranges} == {"([], 0, None)"}
    by_price = await shown(sort=Sort.PRICE)
    assert by_price == await shown(sort=Sort.PRICE_DESC)
    assert (set(by_price[0]), by_price[1]) == ({f"sku-{number}" for number in range(PRODUCTS)}, PRODUCTS)

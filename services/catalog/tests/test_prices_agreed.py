"""What price lists, companies, markets, currencies and promotions on the database come to in what a caller is shown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.handlers.queries.storefront import get_product, list_products
from services.catalog.tests.dealing import EVERYONE, a_company, agreed, off, row, settled, to
from services.catalog.tests.promoting import changed, promoted
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_group, eur
from services.catalog.tests.working import does_its_jobs
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.explanations import ExplainPrice
from shared.contracts.catalog.prices import SetBasePrice
from shared.contracts.catalog.products import BasePriceView, CreateProduct, NewVariant
from shared.contracts.catalog.storefront import GetProduct, ListProducts, PriceReason, VariantView
from shared.kernel.money import UnitPrice
from shared.testing import customer


async def shown(shop: Shop, actor: Actor = VISITOR, at: datetime | None = None, **query: Any) -> VariantView:
    """Return the only variant as it is listed, which is as it is shown by itself."""
    origin = {"as_of": at} if at else {}
    (product,) = (await shop(list_products, ListProducts(**query), actor, **origin)).items
    alone = await shop(get_product, GetProduct(id=product.id, **query), actor, **origin)
    assert alone == product
    variant: VariantView = product.variants[0]
    return variant


async def test_p10_a_contract_of_the_parent_company_counts_until_one_nearer_does(shop: Shop) -> None:
    parent = await a_company(shop)
    child = await a_company(shop, parent)
    buyer, stranger = a_buyer(company_id=child.id), a_buyer(company_id=(await a_company(shop)).id)
    await shop.knows(buyer, stranger)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(parent), row("60"))

    assert (await shown(shop, customer(buyer.id))).unit_price == eur("60.00")
    assert (await shown(shop, customer(stranger.id))).unit_price == eur("100.00")
    await agreed(shop, to(child), row("65"))
    assert (await shown(shop, customer(buyer.id))).unit_price == eur("65.00")
    await agreed(shop, to(buyer), row("66"))
    assert (await shown(shop, customer(buyer.id))).unit_price == eur("66.00")


async def test_a_contract_of_a_company_and_its_buyer_is_as_near_as_the_buyer(shop: Shop) -> None:
    company = await a_company(shop)
    buyer = a_buyer(company_id=company.id)
    await shop.knows(buyer)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(company), row("60"))
    await agreed(shop, to(company, buyer), row("70"))

    assert (await shown(shop, customer(buyer.id))).unit_price == eur("70.00")


async def test_tiers_are_shown_as_far_as_they_change_the_price(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(group), row("80"), row("75", min_qty="10"), row("70", min_qty="50"))
    await agreed(shop, [EVERYONE], off("10", min_qty="20"))

    mine, theirs = await shown(shop, customer(buyer.id)), await shown(shop)

    told = [(tier.min_qty, tier.unit_price) for tier in mine.tiers]
    assert told == [(1, eur("80.00")), (10, eur("75.00")), (50, eur("70.00"))]
    assert [(tier.min_qty, tier.unit_price) for tier in theirs.tiers] == [(1, eur("100.00")), (20, eur("90.00"))]
    assert (mine.savings, theirs.savings) == (eur("20.00"), None)


async def test_a_market_has_its_prices_and_the_shops_own_market_is_that_of_who_names_none(shop: Shop) -> None:
    await shop.sells("chair", "100.00")
    await agreed(shop, to("ch"), row("120"))
    await agreed(shop, to("fr"), row("95"))

    assert (await shown(shop)).unit_price == eur("100.00")
    assert (await shown(shop, market="ch")).unit_price == eur("120.00")
    await settled(shop, default_market="fr")
    own = await shown(shop)
    assert (own.unit_price, own.price_reason) == (eur("95.00"), PriceReason.MARKET)
    assert (await shown(shop, market="ch")).unit_price == eur("120.00")


async def test_p8_each_currency_has_its_own_prices(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    dollars = UnitPrice(Decimal(130), "USD")
    prices = [BasePriceView(unit_price=price) for price in (eur("100"), dollars)]
    made = CreateProduct(name="Chair", variants=[NewVariant(sku="chair", prices=prices)])
    await shop(create_product, made, KEEPER)
    await agreed(shop, to(group), row("90"))

    assert (await shown(shop, customer(buyer.id))).unit_price == eur("90.00")
    assert (await shown(shop, customer(buyer.id), currency="USD")).unit_price == dollars
    nothing = await shown(shop, customer(buyer.id), currency="CHF")
    assert (nothing.unit_price, nothing.price_reason) == (None, PriceReason.PRICE_UNAVAILABLE)


async def test_o1_the_lowest_price_of_30_days_stays_that_of_before_the_reduction(
    shop: Shop, connection: AsyncConnection
) -> None:
    def day(month: int, number: int) -> datetime:
        return datetime(2030, month, number, tzinfo=UTC)

    async def costs(at: datetime, price: str, version: int) -> None:
        command = SetBasePrice(sku="chair", expected_version=version, unit_price=eur(price))
        await shop(set_base_price, command, KEEPER, as_of=at)

    variant = NewVariant(sku="chair", base_price=eur("100"))
    await shop(create_product, CreateProduct(name="Chair", variants=[variant]), KEEPER, as_of=day(6, 1))
    await costs(day(9, 1), "90", 1)
    await costs(day(9, 11), "100", 2)
    first = await promoted(shop, at=day(9, 20))
    await does_its_jobs(shop, connection, day(9, 21))

    reduced = await shown(shop, at=day(9, 21))
    assert (reduced.unit_price, reduced.original_price) == (eur("80.00"), eur("100.00"))
    assert (reduced.lowest_price_30d, reduced.price_reason) == (eur("90.00"), PriceReason.PROMOTION)
    await changed(shop, first, day(9, 25), value=Decimal(30))
    await does_its_jobs(shop, connection, day(9, 26))
    further = await shown(shop, at=day(9, 26))
    assert (further.unit_price, further.lowest_price_30d) == (eur("70.00"), eur("90.00"))

    told = await shop(explain_price, ExplainPrice(sku="chair", as_of=day(9, 21)), CLERK)
    assert told.lowest_price_30d == eur("90.00")


async def test_a_price_of_ones_own_is_announced_as_no_reduction(shop: Shop, connection: AsyncConnection) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(group), row("50"))
    now = datetime.now(UTC)
    await promoted(shop, at=now)
    await does_its_jobs(shop, connection, now)

    mine = await shown(shop, customer(buyer.id), now + timedelta(seconds=1))
    assert (mine.unit_price, mine.public_price, mine.original_price) == (eur("50.00"), eur("80.00"), None)
    assert mine.lowest_price_30d is None

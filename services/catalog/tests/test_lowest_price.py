"""The lowest price of 30 days is announced with a reduction from its first moment on (O1)."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.promotions import create_promotion
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import agreed, row, settled, to
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import KEEPER, Shop, eur
from services.catalog.tests.working import does_its_jobs
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.contracts.catalog.promotions import CreatePromotion
from shared.contracts.catalog.storefront import ListProducts, VariantView
from shared.kernel import clock


async def test_a_scheduled_sale_tells_the_price_before_it_though_nobody_wrote_its_start_down_yet(shop: Shop) -> None:
    await shop.sells("chair", "100.00")
    begins = clock.now() + timedelta(hours=1)
    sale = CreatePromotion(
        code="sale",
        name="Sale",
        enabled=True,
        starts_at=begins,
        ends_at=begins + timedelta(days=3),
        kind=AdjustmentKind.PERCENT_OFF,
        value="20",
        scope=Scope.VARIANT,
        targets=["chair"],
    )
    await shop(create_promotion, sale, KEEPER)

    async def seen(after: timedelta) -> VariantView:
        page = await shop(list_products, ListProducts(), as_of=begins + after)
        variant: VariantView = page.items[0].variants[0]
        return variant

    before, during, later = [await seen(timedelta(hours=hours)) for hours in (-1, 0, 100)]

    assert (before.unit_price, before.lowest_price_30d) == (eur("100.00"), None)
    assert (during.unit_price, during.original_price, during.lowest_price_30d) == (
        eur("80.00"),
        eur("100.00"),
        eur("100.00"),
    )
    assert (later.unit_price, later.lowest_price_30d) == (eur("100.00"), None)


async def test_a_market_whose_past_prices_nobody_wrote_down_is_told_none(
    shop: Shop, connection: AsyncConnection
) -> None:
    async def seen(market: str | None) -> VariantView:
        variant: VariantView = (await shop(list_products, ListProducts(market=market))).items[0].variants[0]
        return variant

    await shop.sells("chair", "100.00")
    await agreed(shop, to("de"), row("80"))
    await settled(shop, default_market="fr")
    await promoted(shop, clock.now(), value=Decimal(10))
    await does_its_jobs(shop, connection, clock.now())

    for own in (None, "fr"):
        told = await seen(own)
        assert (told.unit_price, told.lowest_price_30d) == (eur("90.00"), eur("100.00"))
    abroad = await seen("de")
    assert (abroad.unit_price, abroad.lowest_price_30d) == (eur("72.00"), None)

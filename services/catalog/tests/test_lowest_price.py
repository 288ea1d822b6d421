"""The lowest price of 30 days is announced with a reduction from its first moment on (O1)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.products import change_product
from services.catalog.handlers.commands.promotions import create_promotion
from services.catalog.handlers.commands.variants import change_variant
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import agreed, row, settled, to
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import KEEPER, Shop, eur
from services.catalog.tests.working import does_its_jobs, paid
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.contracts.catalog.products import ChangeProduct
from shared.contracts.catalog.promotions import CreatePromotion
from shared.contracts.catalog.storefront import ListProducts, VariantView
from shared.contracts.catalog.variants import ChangeVariant, VariantField
from shared.kernel import clock

DAY = timedelta(days=1)


async def seen(shop: Shop, market: str | None = None, at: datetime | None = None) -> VariantView:
    page = await shop(list_products, ListProducts(market=market), as_of=at or clock.now())
    variant: VariantView = page.items[0].variants[0]
    return variant


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

    before, during, later = [await seen(shop, at=begins + timedelta(hours=hours)) for hours in (-1, 0, 100)]

    assert (before.unit_price, before.lowest_price_30d) == (eur("100.00"), None)
    assert (during.unit_price, during.original_price, during.lowest_price_30d) == (
        eur("80.00"),
        eur("100.00"),
        eur("100.00"),
    )
    assert (later.unit_price, later.lowest_price_30d) == (eur("100.00"), None)


async def test_o1_a_market_is_told_the_lowest_price_that_everyone_there_could_pay(
    shop: Shop, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    await settled(shop, default_market="fr")
    await agreed(shop, to("de"), row("80"))
    await does_its_jobs(shop, connection, clock.now())
    await promoted(shop, clock.now(), value=Decimal(10), starts_at=clock.now() + 40 * DAY)
    await does_its_jobs(shop, connection, clock.now() + 41 * DAY)

    for own in (None, "fr"):
        told = await seen(shop, own, clock.now() + 41 * DAY)
        assert (told.unit_price, told.lowest_price_30d) == (eur("90.00"), eur("100.00"))
    abroad = await seen(shop, "de", clock.now() + 41 * DAY)
    assert (abroad.unit_price, abroad.lowest_price_30d) == (eur("72.00"), eur("80.00"))


async def test_o1_what_one_market_paid_lowers_no_other_markets_prior_price(
    shop: Shop, connection: AsyncConnection
) -> None:
    now = clock.now()
    await shop.sells("chair", "100.00")
    await settled(shop, default_market="fr")
    window = {"starts_at": now + DAY, "ends_at": now + 3 * DAY}
    await promoted(shop, now, code="de-only", markets=["de"], value=Decimal(40), **window)
    later = {"starts_at": now + 10 * DAY, "ends_at": now + 20 * DAY}
    await promoted(shop, now, code="all", value=Decimal(10), **later)
    await does_its_jobs(shop, connection, now + 10 * DAY)

    there, here = [await seen(shop, market, now + 11 * DAY) for market in ("de", "fr")]

    assert (there.unit_price, there.lowest_price_30d) == (eur("90.00"), eur("60.00"))
    assert (here.unit_price, here.lowest_price_30d) == (eur("90.00"), eur("100.00"))


async def test_a_market_that_pays_what_everyone_pays_has_no_history_of_its_own(
    shop: Shop, connection: AsyncConnection
) -> None:
    async def kept() -> list[tuple[str, str | None]]:
        rows = await connection.execute(text("SELECT market, amount FROM market_prices ORDER BY at, market"))
        return [(market, amount and f"{amount:.2f}") for market, amount in rows]

    now = clock.now()
    await shop.sells("chair", "100.00")
    for number in range(30):
        await shop.sells(f"table-{number}")
    await settled(shop, default_market="fr")
    sale = {"starts_at": now + DAY, "ends_at": now + 2 * DAY}
    await promoted(shop, now, code="abroad", markets=["de", "it"], value=Decimal(40), **sale)
    await promoted(shop, now, code="all", value=Decimal(10))

    await does_its_jobs(shop, connection, clock.now())
    assert await kept() == []
    await does_its_jobs(shop, connection, now + DAY)
    assert await kept() == [("de", "54.00"), ("it", "54.00")]
    await does_its_jobs(shop, connection, now + 2 * DAY)
    assert await kept() == [("de", "54.00"), ("it", "54.00"), ("de", None), ("it", None)]


async def test_a_market_named_for_the_first_time_leaves_the_prices_of_the_shops_own(
    shop: Shop, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    await shop.sells("table", "50.00")
    await settled(shop, default_market="fr")
    await agreed(shop, to("fr"), row("70"))
    await does_its_jobs(shop, connection, clock.now())
    await agreed(shop, to("de"), row("45", "table"))
    await does_its_jobs(shop, connection, clock.now())
    sale = {"scope": Scope.ALL, "targets": [], "value": Decimal(50)}
    await promoted(shop, clock.now(), starts_at=clock.now() + 40 * DAY, **sale)
    await does_its_jobs(shop, connection, clock.now() + 41 * DAY)

    page = await shop(list_products, ListProducts(market="de"), as_of=clock.now() + 41 * DAY)

    told = {one.sku: (one.unit_price, one.lowest_price_30d) for product in page.items for one in product.variants}
    # The list of the shop's own market, 70 for a chair, counted there until there was one for it.
    assert told == {"chair": (eur("50.00"), eur("100.00")), "table": (eur("22.50"), eur("45.00"))}


async def test_no_lowest_price_is_told_of_goods_that_perish(shop: Shop, connection: AsyncConnection) -> None:
    fish = await shop.sells("fish", "100.00", perishable=True)
    await promoted(shop, clock.now(), targets=["fish"])
    await does_its_jobs(shop, connection, clock.now())

    spoils = await seen(shop)
    assert (spoils.original_price, spoils.lowest_price_30d) == (eur("100.00"), None)

    await shop(change_product, ChangeProduct(id=fish.id, expected_version=1, perishable=False), KEEPER)
    assert (await seen(shop)).lowest_price_30d == eur("100.00")


async def test_another_cost_that_moves_the_floor_of_a_sale_is_another_price_for_everyone(
    shop: Shop, connection: AsyncConnection
) -> None:
    chair = await shop.sells("chair", "100.00")
    await settled(shop, min_margin_percent=Decimal(10))
    await promoted(shop, clock.now(), value=Decimal(50))
    await does_its_jobs(shop, connection)
    of = {"id": chair.id, "variant_id": chair.variants[0].id}

    await shop(change_variant, ChangeVariant(**of, expected_version=1, cost=eur("60.00")), KEEPER)
    await shop(change_variant, ChangeVariant(**of, expected_version=2, clear=[VariantField.COST]), KEEPER)

    assert [amount for _, amount in await paid(connection, "chair")] == ["100.00", "50.00", "66.00", "50.00"]


@pytest.mark.parametrize(("table", "market"), [("public_prices", None), ("market_prices", "de")])
async def test_a_price_that_changed_every_hour_is_counted_from_all_of_30_days(
    shop: Shop, connection: AsyncConnection, table: str, market: str | None
) -> None:
    chair = await shop.sells("chair", "100.00")
    await settled(shop, default_market="fr")
    await agreed(shop, to("de"), row("99", "chair", min_qty="10"))
    columns, told = ("", "") if market is None else (", market", f", '{market}'")
    hourly = text(f"""
        INSERT INTO {table} (variant_id, currency, mode, amount, at{columns})
        SELECT :id, 'EUR', 'net', CASE hour WHEN 1 THEN 50 ELSE 101 + hour % 2 END,
            CAST(:now AS timestamptz) + (hour - 715) * interval '1 hour'{told} FROM generate_series(1, 700) AS hour
    """)
    await connection.execute(hourly, {"id": chair.variants[0].id, "now": clock.now()})
    await promoted(shop, clock.now())
    await does_its_jobs(shop, connection)

    assert (await seen(shop, market)).lowest_price_30d == eur("50.00")

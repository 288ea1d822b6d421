"""The memory of looks on the database: whatever changes is seen at once by who looked before."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.handlers.commands.categories import move_category
from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.commands.products import change_product
from services.catalog.handlers.commands.variants import add_variant, change_variant
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import (
    a_category,
    a_company,
    agreed,
    bargains,
    limits,
    off,
    relisted,
    row,
    settled,
    shows,
    to,
)
from services.catalog.tests.pictures import *  # noqa: F403
from services.catalog.tests.pictures import ALT, Add
from services.catalog.tests.promoting import changed, promoted
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, eur
from services.catalog.tests.working import does_its_jobs
from shared.contracts.catalog.categories import CategoryView, MoveCategory
from shared.contracts.catalog.price_lists import ListStatus, PriceListView, Scope
from shared.contracts.catalog.price_rows import PutPriceRows
from shared.contracts.catalog.prices import SetBasePrice
from shared.contracts.catalog.products import ChangeProduct, ProductSheet
from shared.contracts.catalog.storefront import ListProducts, ProductView, StockState
from shared.contracts.catalog.variants import AddVariant, ChangeVariant
from shared.contracts.customers.customers import CustomerChanged, CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot
from shared.testing import customer

SEEN = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class Seen:
    """A chair for 100 among seats, 90 for resellers and 10 % off in furniture for all, that a reseller looked at."""

    shop: Shop
    group: GroupSnapshot
    buyer: CustomerSnapshot
    chair: ProductSheet
    seats: CategoryView
    agreed: PriceListView

    async def again(self, at: datetime = SEEN) -> ProductView:
        page = await self.shop(list_products, ListProducts(), customer(self.buyer.id), as_of=at)
        product: ProductView = page.items[0]
        return product

    async def price(self, at: datetime = SEEN) -> str:
        paid = (await self.again(at)).variants[0].unit_price
        assert paid is not None
        return str(paid.amount)


@pytest.fixture
async def seen(shop: Shop) -> Seen:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    seats = await a_category(shop, "seats")
    chair = await shop.sells("chair", "100.00", category_ids=[seats.id])
    view = await agreed(shop, to(group), row("90"))
    looked = Seen(shop, group, buyer, chair, seats, view)
    assert await looked.price() == await looked.price() == "90.00"
    return looked


async def edit(seen: Seen, **changes: Any) -> None:
    await seen.shop(change_product, ChangeProduct(id=seen.chair.id, expected_version=1, **changes), KEEPER)


async def test_a_name_an_attribute_and_a_translation_are_seen_at_once(seen: Seen) -> None:
    await edit(seen, name="Stool", attributes={"colour": ["red"]}, translations={"fr": {"name": "Tabouret"}})

    product = await seen.again()

    assert (product.name, product.attributes) == ("Tabouret", {"colour": ["red"]})


async def test_a_base_price_is_seen_at_once(seen: Seen) -> None:
    command = SetBasePrice(sku="chair", expected_version=1, unit_price=eur("80"), original_price=eur("95"))
    await seen.shop(set_base_price, command, KEEPER)

    (variant,) = (await seen.again()).variants
    assert (variant.unit_price, variant.list_price, variant.original_price) == (eur("80"), eur("80"), eur("95"))


async def test_a_variant_that_is_renamed_or_added_is_seen_at_once(seen: Seen) -> None:
    (variant,) = seen.chair.variants
    renamed = ChangeVariant(id=seen.chair.id, variant_id=variant.id, expected_version=1, name="Oak chair", weight=900)
    await seen.shop(change_variant, renamed, KEEPER)
    assert [(one.name, one.weight) for one in (await seen.again()).variants] == [("Oak chair", 900)]

    added = AddVariant(id=seen.chair.id, sku="chair-2", base_price=eur("70"))
    await seen.shop(add_variant, added, KEEPER)
    assert [one.sku for one in (await seen.again()).variants] == ["chair", "chair-2"]


async def test_a_picture_is_seen_at_once(seen: Seen, add: Add) -> None:
    await add(seen.chair.id, alt=ALT)

    assert [image.alt for image in (await seen.again()).images] == [ALT["fr"]]


async def test_a_category_that_moves_takes_its_prices_along_at_once(seen: Seen) -> None:
    sold_off = await a_category(seen.shop, "sold-off")
    await agreed(seen.shop, to(seen.group), off("50", "sold-off", Scope.CATEGORY), priority=1)
    assert await seen.price() == "90.00"

    await seen.shop(move_category, MoveCategory(id=seen.seats.id, expected_version=1, parent_id=sold_off.id), KEEPER)

    assert await seen.price() == "50.00"


async def test_a_row_of_a_price_list_is_seen_at_once(seen: Seen) -> None:
    rows = [row("85"), row("80", min_qty="10")]
    await seen.shop(put_price_rows, PutPriceRows(id=seen.agreed.id, expected_version=2, rows=rows), KEEPER)

    (variant,) = (await seen.again()).variants
    assert variant.unit_price == eur("85")
    assert [tier.unit_price for tier in variant.tiers] == [eur("85"), eur("80")]


async def test_a_list_that_begins_ends_or_is_put_away_is_seen_at_once(seen: Seen) -> None:
    begins, ends, moment = SEEN + timedelta(days=1), SEEN + timedelta(days=2), timedelta(seconds=1)
    timed = await relisted(seen.shop, seen.agreed, starts_at=begins, ends_at=ends)

    assert await seen.price() == "100.00"
    assert await seen.price(begins) == "90.00"
    assert await seen.price(ends - moment) == "90.00"
    assert await seen.price(ends) == "100.00"
    await relisted(seen.shop, timed, status=ListStatus.ARCHIVED)
    assert await seen.price(begins) == "100.00"


async def test_a_list_for_somebody_else_is_seen_by_them_alone_at_once(seen: Seen) -> None:
    others = a_group("others")
    await seen.shop.knows(others)

    await relisted(seen.shop, seen.agreed, targets=to(others))

    assert await seen.price() == "100.00"


async def test_a_promotion_is_seen_at_once_and_gone_when_it_ends(seen: Seen) -> None:
    ends = SEEN + timedelta(days=1)
    sale = await promoted(seen.shop, at=SEEN, ends_at=ends)
    assert await seen.price() == "80.00"

    await changed(seen.shop, sale, SEEN, value=Decimal(50))
    assert await seen.price() == "50.00"
    assert await seen.price(ends) == "90.00"


async def test_what_a_reduction_is_counted_from_is_seen_as_soon_as_it_is_written_down(
    seen: Seen, connection: AsyncConnection
) -> None:
    later = SEEN + timedelta(minutes=1)
    await promoted(seen.shop, at=SEEN)
    assert await seen.price(later) == "80.00"
    await does_its_jobs(seen.shop, connection, later)

    (variant,) = (await seen.again(later)).variants
    assert (variant.original_price, variant.lowest_price_30d) == (eur("100"), eur("100"))


async def test_settings_are_seen_at_once(seen: Seen) -> None:
    await promoted(seen.shop, at=SEEN)
    assert await seen.price() == "80.00"

    await settled(seen.shop, cap_at_public=False)

    assert await seen.price() == "90.00"


async def test_the_terms_of_a_group_are_seen_at_once(seen: Seen) -> None:
    await seen.shop.receives("chair", 7)
    assert (await seen.again()).variants[0].available == 7

    await bargains(seen.shop, seen.group, availability="banded")

    (variant,) = (await seen.again()).variants
    assert (variant.available, variant.stock) == (None, StockState.IN_STOCK)


async def test_how_few_the_shop_calls_low_is_seen_at_once(seen: Seen) -> None:
    await seen.shop.receives("chair", 7)
    assert (await seen.again()).variants[0].stock is StockState.IN_STOCK

    await settled(seen.shop, low_band=7)

    assert (await seen.again()).variants[0].stock is StockState.LOW


async def test_a_rule_of_quantities_is_seen_at_once_by_those_it_is_for(seen: Seen) -> None:
    rule = await limits(seen.shop, "product", seen.chair.id, min_qty=10, multiple=4, max_qty=50)
    (variant,) = (await seen.again()).variants
    assert variant.quantities is not None
    assert (variant.quantities.min_qty, variant.quantities.multiple, variant.quantities.max_qty) == (12, 4, 48)

    company = await a_company(seen.shop)
    await limits(seen.shop, "all", buyer_scope="company", buyer_id=company.id, min_qty=20)
    await seen.again()
    hired = seen.buyer.model_copy(update={"company_id": company.id, "version": 2})
    await seen.shop(events.keep_changed_customer, CustomerChanged(customer=hired))
    (variant,) = (await seen.again()).variants
    assert variant.quantities is not None
    assert (variant.quantities.min_qty, rule.min_qty) == (20, 10)


async def test_who_sees_a_product_no_more_does_not_see_it_from_memory(seen: Seen) -> None:
    await shows(seen.shop, "product", seen.chair.id, seen.group, visible=False)

    page = await seen.shop(list_products, ListProducts(), customer(seen.buyer.id), as_of=SEEN)

    assert page.items == []


async def test_what_is_left_is_that_of_the_moment_and_another_buyers_look_is_not_reused(seen: Seen) -> None:
    stranger = a_buyer()
    await seen.shop.knows(stranger)

    theirs = (await seen.shop(list_products, ListProducts(), customer(stranger.id), as_of=SEEN)).items[0]
    await seen.shop.receives("chair", 3)

    assert theirs.variants[0].unit_price == eur("100")
    assert (await seen.again()).variants[0].available == 3
    changed_hands = replace(seen, buyer=stranger)
    assert await changed_hands.price() == "100.00"

"""The largest product there may be is shown, told and kept in one message, whatever makes it large."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from services.catalog.domain.availability import StockFacts
from services.catalog.domain.book import RuleBook
from services.catalog.domain.goods import Product, Variant
from services.catalog.domain.prices import Viewer
from services.catalog.domain.pricing.facts import Base, Goods, Level, ListFacts, RowFacts
from services.catalog.domain.products import MOST_BYTES, MOST_VARIANTS, check_size, size_of
from services.catalog.domain.terms import Terms
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.commands.variants import add_variant, delete_variant
from services.catalog.handlers.views.storefront import product_view
from services.catalog.repository.products import told
from services.catalog.tests.samples import KEEPER, Shop, eur
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.products import (
    BasePriceView,
    CreateProduct,
    NewVariant,
    Option,
    ProductInvalid,
    ProductSheet,
    ProductStatus,
    TaxCategory,
    Texts,
    VariantSheet,
)
from shared.contracts.catalog.stock import SellAhead
from shared.contracts.catalog.variants import AddVariant, DeleteVariant
from shared.kernel.money import UnitPrice
from shared.messaging.lanes import LARGEST

GROUP = ListFacts(UUID(int=9), 1, 1, "resellers", Level.GROUP)
NOW = datetime(2026, 11, 22, 12, 30, 15, 123456, tzinfo=UTC)
TERMS = Terms(
    Viewer(group_ids=frozenset({UUID(int=8)})), (GROUP,), RuleBook(UUID(int=1), CatalogSettings()), "EUR", NOW
)
COSTLY = Decimal("99999999999.99")
TIERS = 200
AMOUNT = UnitPrice(COSTLY, "EUR")


def sheet_of(count: int, name: str) -> ProductSheet:
    price = BasePriceView(unit_price=AMOUNT, original_price=AMOUNT)
    variants = [
        VariantSheet(
            id=UUID(int=2**127 + number),
            sku=f"{number:064}",
            barcode="9" * 32,
            name=name,
            options={"colour": name},
            status=ProductStatus.ACTIVE,
            tax_category=TaxCategory.STANDARD,
            commissionable=True,
            unit="u" * 20,
            quantity_decimals=3,
            weight=None,
            length=None,
            width=None,
            height=None,
            cost=None,
            prices=[price],
        )
        for number in range(count)
    ]
    return ProductSheet(
        id=UUID(int=1),
        code="large",
        name=name,
        description="",
        translations={},
        options=[],
        attributes={},
        category_ids=[],
        status=ProductStatus.ACTIVE,
        published_from=None,
        published_until=None,
        variants=variants,
        created_at=NOW,
        version=1,
    )


def largest(name: str) -> ProductSheet:
    """Return the product of most variants of such a name that may be kept."""
    each = len(sheet_of(2, name).model_dump_json().encode()) - len(sheet_of(1, name).model_dump_json().encode()) + 1
    return sheet_of(min(MOST_VARIANTS, (MOST_BYTES - 2_000) // each), name)


def as_goods(sheet: VariantSheet) -> Variant:
    rows = tuple(
        RowFacts(number, GROUP, Scope.VARIANT, sheet.id, COSTLY - number, min_qty=Decimal(number) + Decimal("0.001"))
        for number in range(1, TIERS + 1)
    )
    goods = Goods(sheet.id, UUID(int=1), Base(COSTLY, COSTLY + 1), rows=rows)
    measures = (10**6, 10**6, 10**6, 10**6)
    named = (sheet.sku, sheet.barcode, sheet.name, sheet.options, sheet.unit, 3)
    return Variant(goods, *named, *measures, "standard", True, ((NOW, COSTLY),))


@pytest.mark.parametrize("name", ["x", "name of a usual length", "é" * 200, "😀" * 200])
def test_the_largest_product_of_any_kind_fits_into_one_message_with_all_its_prices(name: str) -> None:
    sheet = largest(name)
    check_size(len(sheet.model_dump_json().encode()))
    variants = [as_goods(variant) for variant in sheet.variants]
    product = Product(UUID(int=1), 1, "large", name, "x" * 5_000, {}, {}, [], "active", NOW, variants)
    stock = StockFacts(COSTLY, SellAhead.BACK_ORDER, COSTLY, NOW, None)

    view = product_view(product, [(variant.goods.variant_id, stock) for variant in variants], TERMS)

    assert len(sheet.variants) >= 150
    assert all(variant.tiers for variant in view.variants)
    assert len(view.model_dump_json().encode()) < LARGEST * 0.8
    assert len(told(sheet).model_dump_json().encode()) < LARGEST * 0.8


def test_names_that_variants_have_in_another_language_count() -> None:
    sheet = sheet_of(MOST_VARIANTS, "x")
    longer = sheet.model_copy(update={"translations": {"en": Texts(name="😀" * 200)}})

    more = size_of(longer) - len(longer.model_dump_json().encode())

    assert more == MOST_VARIANTS * 799
    assert size_of(sheet) == len(sheet.model_dump_json().encode())


def test_one_variant_is_shown_with_all_its_tiers() -> None:
    product = Product(UUID(int=1), 1, "one", "one", "", {}, {}, [], "active", NOW, [as_goods(largest("x").variants[0])])
    stock = StockFacts(COSTLY, SellAhead.NONE, None, None, None)

    view = product_view(product, [(product.variants[0].goods.variant_id, stock)], TERMS)

    assert len(view.variants[0].tiers) == TIERS + 1


async def test_a_product_that_would_be_too_large_is_refused_and_a_smaller_one_stays_as_it_is(shop: Shop) -> None:
    wide = Option(code="size", name="Size", values=[f"{number} {'😀' * 190}" for number in range(100)])
    options = [wide, *(Option(code=f"same-{extra}", name="x", values=["😀" * 200]) for extra in range(4))]

    def new(number: int) -> dict[str, object]:
        chosen = {"size": wide.values[number], **{f"same-{extra}": "😀" * 200 for extra in range(4)}}
        return {"sku": f"sku-{number}", "base_price": eur("1"), "options": chosen}

    def product(count: int) -> CreateProduct:
        variants = [NewVariant.model_validate(new(number)) for number in range(count)]
        return CreateProduct(name="large", options=options, variants=variants)

    with pytest.raises(ProductInvalid) as refused:
        await shop(create_product, product(90), KEEPER)
    assert [error.code for error in refused.value.errors] == ["PRODUCT_TOO_LARGE"]

    made: ProductSheet = await shop(create_product, product(60), KEEPER)
    for number in range(60, 100):
        asked = AddVariant.model_validate({"id": made.id, **new(number)})
        try:
            made = await shop(add_variant, asked, KEEPER)
        except ProductInvalid:
            break
    assert made.version < 41
    fewer = DeleteVariant(id=made.id, variant_id=made.variants[0].id, expected_version=made.version)
    assert len((await shop(delete_variant, fewer, KEEPER)).variants) == len(made.variants) - 1

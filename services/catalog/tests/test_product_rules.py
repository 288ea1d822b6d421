"""What makes a product acceptable, without a database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.catalog.domain import products as rules
from services.catalog.domain.links import check_links
from services.catalog.domain.windows import backwards
from shared.contracts.catalog.links import LinkInvalid
from shared.contracts.catalog.products import (
    BasePriceView,
    NewVariant,
    ProductInUse,
    ProductInvalid,
    ProductStatus,
    SkuTaken,
)
from shared.kernel.ids import new_id
from shared.kernel.money import UnitPrice
from shared.kernel.problems import FieldError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def price(amount: str, currency: str = "EUR", **beside: str) -> BasePriceView:
    told = {name: UnitPrice(Decimal(text), "EUR") for name, text in beside.items()}
    return BasePriceView(unit_price=UnitPrice(Decimal(amount), currency), **told)


def said(errors: list[FieldError]) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in errors]


@pytest.mark.parametrize(
    ("prices", "faults"),
    [
        ([price("10"), price("12", "USD")], []),
        ([price("10", original_price="12", floor="8")], []),
        ([price("10", floor="10")], []),
        ([price("10"), price("11")], [("/prices/1", "CURRENCY_TWICE")]),
        ([price("10", "USD", floor="8")], [("/prices/0/floor", "CURRENCY_DIFFERS")]),
        ([price("10", "USD", original_price="8")], [("/prices/0/original_price", "CURRENCY_DIFFERS")]),
        ([price("10", floor="10.01")], [("/prices/0/floor", "FLOOR_ABOVE_PRICE")]),
    ],
)
def test_base_prices_agree_with_what_stands_beside_them(
    prices: list[BasePriceView], faults: list[tuple[str, str]]
) -> None:
    assert said(rules.price_errors(prices, "")) == faults


def test_the_short_form_of_a_price_is_one_of_them() -> None:
    euros = UnitPrice(Decimal(10), "EUR")
    both = NewVariant(sku="a", base_price=euros, prices=[price("11"), price("12", "USD")])

    assert [one.unit_price.currency for one in rules.prices_asked(both)] == ["EUR", "EUR", "USD"]
    assert said(rules.new_price_errors(both, "/variants/3")) == [("/variants/3/prices/0", "CURRENCY_TWICE")]
    assert said(rules.new_price_errors(NewVariant(sku="a"), "")) == [("/base_price", "PRICE_MISSING")]


def test_skus_are_nobody_elses() -> None:
    with pytest.raises(SkuTaken) as refused:
        rules.check_skus(["new", "old", "new"], {"old"})
    assert [error.pointer for error in refused.value.errors] == ["/variants/1/sku", "/variants/2/sku"]

    rules.check_skus(["new", "newer"], {"old"})


def test_an_order_names_each_variant_once() -> None:
    first, second, stranger = new_id(), new_id(), new_id()
    rules.check_order([second, first], [first, second])

    with pytest.raises(ProductInvalid) as refused:
        rules.check_order([first, stranger, first], [first, second])

    assert said(list(refused.value.errors)) == [
        ("/variant_ids/1", "VARIANT_UNKNOWN"),
        ("/variant_ids/2", "VARIANT_TWICE"),
        ("/variant_ids", "VARIANT_MISSING"),
    ]


def test_a_product_has_only_so_many_variants() -> None:
    rules.check_count(rules.MOST_VARIANTS - 1)

    with pytest.raises(ProductInvalid, match="another product"):
        rules.check_count(rules.MOST_VARIANTS)


@pytest.mark.parametrize(("sold", "stocked", "why"), [(True, False, "was sold"), (False, True, "stock movements")])
def test_ca2_what_was_used_is_deactivated_instead(sold: bool, stocked: bool, why: str) -> None:
    with pytest.raises(ProductInUse, match=f"{why}.*discontinued"):
        rules.check_never_used("product", sold=sold, stocked=stocked)

    rules.check_never_used("product", sold=False, stocked=False)


def test_a_status_goes_both_ways_and_may_be_named_again() -> None:
    active, gone = ProductStatus.ACTIVE, ProductStatus.DISCONTINUED

    assert [rules.advance(*step) for step in ((active, gone), (gone, active), (gone, gone))] == [gone, active, gone]


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (None, None, False),
        (NOON, None, False),
        (None, NOON, False),
        (NOON, NOON + DAY, False),
        (NOON, NOON, True),
        (NOON, NOON - DAY, True),
    ],
)
def test_a_window_ends_after_it_begins(start: datetime | None, end: datetime | None, wrong: bool) -> None:
    assert said(backwards(start, end, "/published_until")) == [("/published_until", "WINDOW_EMPTY")] * wrong


def test_ca6_links_lead_to_others_that_exist_each_once() -> None:
    product, other, stranger = UUID(int=1), UUID(int=2), UUID(int=3)
    check_links(product, [other], set())

    with pytest.raises(LinkInvalid) as refused:
        check_links(product, [other, product, stranger, other], {stranger})

    assert said(list(refused.value.errors)) == [
        ("/product_ids/1", "LINK_TO_ITSELF"),
        ("/product_ids/2", "PRODUCT_NOT_FOUND"),
        ("/product_ids/3", "LINK_TWICE"),
    ]

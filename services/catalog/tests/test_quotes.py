"""The lines of an order at today's prices, and every reason why they are refused."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain.manual_prices import ANY_PRICE, Latitude
from services.catalog.domain.prices import EVERYONE, PriceRow, Viewer
from services.catalog.domain.quotes import Offer, quote
from services.catalog.tests.samples import a_line, eur
from shared.contracts.catalog.prices import AgentPriceBound, PriceUnavailable, VariantNotFound
from shared.contracts.catalog.products import PriceReason, TaxCategory
from shared.contracts.catalog.stock import HeldLine, HoldLine
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Forbidden, Malformed

GROUP = UUID(int=9)
MEMBER = Viewer(frozenset({GROUP}))


def offer(sku: str, *rows: PriceRow) -> Offer:
    return Offer(UUID(int=len(sku)), UUID(int=1), sku, sku.title(), TaxCategory.STANDARD, True, rows)


def base(amount: str) -> PriceRow:
    return PriceRow(UUID(int=1), Decimal(amount), "EUR")


def for_group(amount: str) -> PriceRow:
    return PriceRow(UUID(int=2), Decimal(amount), "EUR", GROUP)


OFFERS = {
    "chair": offer("chair", base("100"), for_group("92")),
    "table": offer("table", base("12.99")),
    "lamp": offer("lamp"),
}


def quoted(*lines: HoldLine, viewer: Viewer = EVERYONE, latitude: Latitude | None = None) -> list[HeldLine]:
    return quote(lines, OFFERS, viewer, "EUR", latitude)


def test_lines_keep_their_order_and_say_where_their_price_comes_from() -> None:
    table, chair = quoted(a_line("table", 3), a_line("chair"), viewer=MEMBER)

    assert (table.sku, table.unit_price, table.price_reason) == ("table", eur("12.99"), PriceReason.BASE)
    assert (chair.unit_price, chair.list_price, chair.price_reason) == (eur("92.00"), eur("100.00"), PriceReason.GROUP)
    assert (table.quantity, table.name) == (Decimal(3), "Table")


def test_unknown_skus_are_named_by_their_lines() -> None:
    with pytest.raises(VariantNotFound) as refused:
        quoted(a_line("sofa"), a_line("chair"), a_line("bed"))

    assert [error.pointer for error in refused.value.errors] == ["/lines/0/sku", "/lines/2/sku"]


def test_P8_a_line_without_a_price_cannot_be_ordered() -> None:
    with pytest.raises(PriceUnavailable) as refused:
        quoted(a_line("chair"), a_line("lamp"))

    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/lines/1/sku", "PRICE_UNAVAILABLE")
    assert "in EUR" in error.message


def test_a_line_whose_price_is_hidden_cannot_be_ordered_not_even_at_a_price_set_by_hand() -> None:
    with pytest.raises(PriceUnavailable) as refused:
        quoted(
            a_line("chair", unit_price=eur("90")),
            viewer=Viewer(frozenset({GROUP}), PriceReason.GROUP_HIDDEN),
            latitude=ANY_PRICE,
        )

    assert refused.value.errors[0].code == "GROUP_HIDDEN"
    assert "92" not in str(refused.value.to_dict())


BY_HAND: list[dict[str, Any]] = [{"unit_price": eur("100.00")}, {"discount_percent": Decimal(1)}]


@pytest.mark.parametrize("by_hand", BY_HAND, ids=["price", "discount"])
def test_who_has_no_latitude_sets_nothing_by_hand(by_hand: dict[str, Any]) -> None:
    with pytest.raises(Forbidden, match="leave unit_price and discount_percent out"):
        quoted(a_line("chair", **by_hand))


def test_a_price_set_by_hand_takes_the_place_of_the_computed_one() -> None:
    (line,) = quoted(a_line("chair", unit_price=eur("95.5")), latitude=Latitude(Decimal(10), Decimal(0)))

    assert (line.unit_price, line.list_price, line.price_reason) == (eur("95.50"), eur("100.00"), PriceReason.AGENT)


def test_a_discount_alone_leaves_the_computed_price() -> None:
    line = a_line("chair", discount_percent=Decimal(10))

    (held,) = quoted(line, latitude=Latitude(Decimal(10), Decimal(0)))

    assert (held.unit_price, held.price_reason) == (eur("100.00"), PriceReason.BASE)


def test_bounds_are_those_of_the_price_the_buyer_would_pay() -> None:
    tenth = Latitude(Decimal(10), Decimal(0))

    (line,) = quoted(a_line("chair", unit_price=eur("82.80")), viewer=MEMBER, latitude=tenth)
    assert line.unit_price == eur("82.80")
    with pytest.raises(AgentPriceBound):
        quoted(a_line("chair", unit_price=eur("82.80")), latitude=tenth)


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        ({"unit_price": eur("12.01")}, "unit_price"),
        ({"unit_price": eur("15.60")}, "unit_price"),
        ({"unit_price": eur("12.50"), "discount_percent": Decimal(5)}, "unit_price"),
        ({"discount_percent": Decimal("7.6")}, "discount_percent"),
    ],
)
def test_a_price_out_of_bounds_names_its_field_and_the_bounds(by_hand: dict[str, Any], field: str) -> None:
    with pytest.raises(AgentPriceBound) as refused:
        quoted(a_line("chair"), a_line("table", **by_hand), latitude=Latitude(Decimal("7.5"), Decimal(20)))

    (error,) = refused.value.errors
    assert error.pointer == f"/lines/1/{field}"
    assert "between 12.02 EUR and 15.59 EUR" in error.message
    (bounds,) = refused.value.details["bounds"]
    assert (bounds["sku"], bounds["floor"], bounds["ceiling"]) == ("table", eur("12.02"), eur("15.59"))


def test_a_price_in_another_currency_is_malformed() -> None:
    with pytest.raises(Malformed) as refused:
        quoted(a_line("chair", unit_price=UnitPrice(Decimal(90), "USD")), latitude=ANY_PRICE)

    assert refused.value.errors[0].code == "CURRENCY_MISMATCH"

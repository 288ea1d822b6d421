"""The lines of an order at today's prices, and every reason why they are refused."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain.book import RuleBook
from services.catalog.domain.hand_set import check_by_hand
from services.catalog.domain.manual_prices import ANY_PRICE, Latitude
from services.catalog.domain.prices import EVERYONE, Viewer
from services.catalog.domain.pricing.facts import Base, Goods, Level, ListFacts, RowFacts
from services.catalog.domain.quotes import PricedLine, at_everyones_prices, price, quote
from services.catalog.domain.terms import Terms
from services.catalog.tests.samples import a_line, eur
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.prices import AgentPriceBound, PriceBelowFloor, PriceUnavailable, ProductNotAvailable
from shared.contracts.catalog.stock import HoldLine
from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Forbidden, Malformed

GROUP = ListFacts(UUID(int=9), 1, 1, "resellers", Level.GROUP)
BOOK = RuleBook(UUID(int=1), CatalogSettings())
MEMBER = Viewer(group_ids=frozenset({UUID(int=8)}))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OnSale:
    """A variant as quotes want it."""

    goods: Goods
    sku: str


def offer(sku: str, base: str | None = None, *rows: RowFacts, floor: str | None = None) -> OnSale:
    price = Base(Decimal(base), floor=Decimal(floor) if floor else None) if base else None
    return OnSale(Goods(UUID(int=len(sku)), UUID(int=1), price, rows=rows), sku)


def for_group(amount: str) -> RowFacts:
    return RowFacts(1, GROUP, Scope.VARIANT, UUID(int=5), Decimal(amount))


OFFERS = {
    "chair": offer("chair", "100", for_group("92"), floor="85"),
    "table": offer("table", "12.99"),
    "lamp": offer("lamp"),
}


def quoted(*lines: HoldLine, viewer: Viewer = EVERYONE, latitude: Latitude | None = None) -> list[PricedLine]:
    lists = (GROUP,) if viewer.group_ids else ()
    offers = OFFERS if lists else {sku: replace(one, goods=replace(one.goods, rows=())) for sku, one in OFFERS.items()}
    terms = Terms(viewer, lists, BOOK, "EUR", NOW)
    priced = quote(lines, offers, terms, latitude)
    check_by_hand(priced, terms, latitude)
    return priced


def test_lines_keep_their_order_and_say_where_their_price_comes_from() -> None:
    table, chair = quoted(a_line("table", 3), a_line("chair"), viewer=MEMBER)

    assert (table.asked.sku, table.unit_price, table.reason) == ("table", eur("12.99"), PriceReason.BASE)
    assert (chair.unit_price, chair.computed.list_price) == (eur("92.00"), eur("100.00"))
    assert (chair.reason, table.asked.quantity) == (PriceReason.GROUP, Decimal(3))


def test_unknown_skus_are_named_by_their_lines() -> None:
    with pytest.raises(ProductNotAvailable) as refused:
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
            viewer=replace(MEMBER, hidden=PriceReason.GROUP_HIDDEN),
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

    assert (line.unit_price, line.computed.list_price, line.reason) == (eur("95.50"), eur("100.00"), PriceReason.AGENT)


def test_a_discount_alone_leaves_the_computed_price() -> None:
    line = a_line("chair", discount_percent=Decimal(10))

    (held,) = quoted(line, latitude=Latitude(Decimal(10), Decimal(0)))

    assert (held.unit_price, held.reason) == (eur("100.00"), PriceReason.BASE)


def test_bounds_are_those_of_the_price_the_buyer_would_pay() -> None:
    tenth = Latitude(Decimal(10), Decimal(0))

    (line,) = quoted(a_line("chair", unit_price=eur("86")), viewer=MEMBER, latitude=tenth)
    assert line.unit_price == eur("86")
    with pytest.raises(AgentPriceBound):
        quoted(a_line("chair", unit_price=eur("86")), latitude=tenth)


def test_an_agent_goes_below_no_floor_and_who_may_set_any_price_does() -> None:
    with pytest.raises(PriceBelowFloor) as refused:
        quoted(a_line("chair", unit_price=eur("84")), viewer=MEMBER, latitude=Latitude(Decimal(10), Decimal(0)))

    assert "less than 85" in refused.value.errors[0].message
    assert quoted(a_line("chair", unit_price=eur("84")), latitude=ANY_PRICE)[0].unit_price == eur("84")


def test_Q1_below_the_minimum_everyones_prices_count() -> None:
    wholesale = {"cup": offer("cup", "200", for_group("100"))}
    terms = Terms(MEMBER, (GROUP,), BOOK, "EUR", NOW)

    lines = price([a_line("cup", 3)], wholesale, terms)
    retail = at_everyones_prices(lines, terms)

    assert [line.unit_price for line in (*lines, *retail)] == [eur("100.00"), eur("200.00")]


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


def test_more_than_an_amount_can_say_is_refused_naming_the_largest_line() -> None:
    dear = {"ship": offer("ship", "99999")}
    with pytest.raises(Malformed) as refused:
        quote([a_line("ship"), a_line("ship", "99999999999")], dear, Terms(EVERYONE, (), BOOK, "EUR", NOW), None)

    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/lines/1/quantity", "AMOUNT_TOO_LARGE")

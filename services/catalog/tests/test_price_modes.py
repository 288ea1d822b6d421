"""One computation of a price with or without tax: the mode is like the currency, nothing is converted."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.book import RuleBook
from services.catalog.domain.pricing.facts import Goods, Level, Policy, RowFacts
from services.catalog.domain.pricing.resolve import resolve
from services.catalog.domain.pricing.tracing import trace
from services.catalog.domain.promotions import PromotionFacts
from services.catalog.tests.test_prices import (
    LOWEST,
    STANDARD,
    UNCAPPED,
    a_list,
    a_row,
    a_sale,
    costs,
    goods,
    off,
    rows,
)
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceMode, Reference
from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.ids import new_id

NET, GROSS = PriceMode.NET, PriceMode.GROSS
MODES = st.sampled_from(PriceMode)


def of(mode: PriceMode, row: RowFacts) -> RowFacts:
    return replace(row, list=replace(row.list, mode=mode))


def an_amount_off(amount: str, mode: PriceMode) -> PromotionFacts:
    return replace(a_sale(amount, kind=AdjustmentKind.AMOUNT_OFF, currency="EUR"), mode=mode)


@pytest.mark.parametrize(("asked", "of_list"), [(NET, GROSS), (GROSS, NET)])
def test_a_list_of_the_other_mode_never_counts_and_the_trace_says_so(asked: PriceMode, of_list: PriceMode) -> None:
    found = goods(of(of_list, a_row(a_list(Level.GROUP), "50")), mode=asked)

    assert costs(found) == Decimal("100.00")
    (row, base) = trace(resolve(found, "EUR", STANDARD), found, "EUR")
    assert (row.code, row.amount_out, base.code) == ("OTHER_PRICE_MODE", None, "PRICE")


@pytest.mark.parametrize("level", [Level.QUOTE, Level.CONTRACT, Level.GROUP, Level.MARKET])
@pytest.mark.parametrize("mode", PriceMode)
def test_a_list_of_the_mode_asked_for_counts_at_every_level(level: Level, mode: PriceMode) -> None:
    assert costs(goods(a_row(a_list(level, mode=mode), "50"), mode=mode)) == Decimal("50.00")


@pytest.mark.parametrize("mode", PriceMode)
def test_p8_of_modes_what_has_no_price_in_a_mode_has_none(mode: PriceMode) -> None:
    other = NET if mode is GROSS else GROSS
    found = goods(of(other, a_row(a_list(Level.CONTRACT), "50")), base=None, mode=mode)

    price = resolve(found, "EUR", Policy())

    assert (price.unit_price, price.public_price, price.reason) == (None, None, PriceReason.PRICE_UNAVAILABLE)
    named = trace(price, found, "EUR")[-1]
    assert (named.code, "with tax" in named.message) == ("NO_PRICE", mode is GROSS)


def test_the_cap_is_everyones_price_of_the_same_mode() -> None:
    cheap_without_tax = of(NET, a_row(a_list(Level.MARKET), "60"))
    member = of(GROSS, a_row(a_list(Level.GROUP), "130"))

    assert costs(goods(cheap_without_tax, member, base="120", mode=GROSS)) == Decimal("120.00")
    assert costs(goods(cheap_without_tax, member, base="120", mode=GROSS), policy=UNCAPPED) == Decimal("130.00")


def test_the_lowest_price_is_the_lowest_of_the_mode() -> None:
    net, gross = of(NET, a_row(a_list(Level.GROUP), "50")), of(GROSS, a_row(a_list(Level.GROUP), "70"))

    assert costs(goods(net, gross, mode=GROSS), policy=LOWEST) == Decimal("70.00")
    assert costs(goods(net, gross, mode=NET), policy=LOWEST) == Decimal("50.00")


def test_a_percentage_off_is_of_the_base_price_of_the_mode() -> None:
    member = of(GROSS, off(a_list(Level.GROUP), "10"))
    lower = of(GROSS, off(a_list(Level.GROUP), "10", reference=Reference.LOWER_LEVEL))

    assert costs(goods(member, base="120", mode=GROSS)) == Decimal("108.00")
    assert costs(goods(lower, of(NET, a_row(a_list(Level.MARKET), "50")), base="120", mode=GROSS)) == Decimal("108.00")


def test_an_amount_comes_off_prices_of_its_mode_only_and_a_percentage_off_both() -> None:
    sales = (an_amount_off("10", GROSS), a_sale("50"))

    assert costs(goods(promotions=sales, mode=GROSS)) == Decimal("45.00")
    assert costs(goods(promotions=sales, mode=NET)) == Decimal("50.00")
    exclusive = replace(an_amount_off("10", GROSS), exclusive=True)
    assert costs(goods(promotions=(exclusive, a_sale("50")), mode=NET)) == Decimal("50.00")


def test_a_cost_is_without_tax_so_its_margin_is_kept_of_prices_without_tax() -> None:
    policy, cost = Policy(min_margin=Decimal(10)), Decimal(60)
    member = {mode: of(mode, off(a_list(Level.GROUP), "50")) for mode in PriceMode}

    assert costs(goods(member[NET], cost=cost), policy=policy) == Decimal("66.00")
    assert costs(goods(member[GROSS], cost=cost, mode=GROSS), policy=policy) == Decimal("50.00")
    assert costs(goods(member[GROSS], cost=cost, floor="70", mode=GROSS), policy=policy) == Decimal("70.00")


@pytest.mark.parametrize(
    ("groups", "shop", "expected"),
    [
        ([None], NET, NET),
        ([None], GROSS, GROSS),
        ([], GROSS, GROSS),
        ([NET], GROSS, NET),
        ([GROSS], NET, GROSS),
        ([GROSS, NET], GROSS, NET),
        ([GROSS, None], NET, GROSS),
        ([None, NET], GROSS, NET),
    ],
)
def test_of_several_groups_one_without_tax_wins_and_the_shop_says_it_where_none_does(
    groups: list[PriceMode | None], shop: PriceMode, expected: PriceMode
) -> None:
    said = {new_id(): mode for mode in groups}
    modes = {id_: mode for id_, mode in said.items() if mode is not None}
    book = RuleBook(UUID(int=1), CatalogSettings(price_mode=shop), modes={**modes, new_id(): NET})

    assert book.mode_of(said) == expected


@given(rows(), st.data(), st.integers(1, 100), MODES, st.booleans(), st.integers(0, 40))
def test_what_is_of_the_other_mode_changes_no_price(
    drawn: list[RowFacts], data: st.DataObject, quantity: int, mode: PriceMode, lowest: bool, amount: int
) -> None:
    mixed = [of(data.draw(MODES), row) for row in drawn]
    sales = tuple(an_amount_off(str(amount + 1), one) for one in PriceMode)
    policy = Policy(lowest=lowest)

    def price(kept: list[RowFacts], promotions: tuple[PromotionFacts, ...]) -> Decimal:
        return costs(goods(*kept, promotions=promotions, mode=mode), str(quantity), policy)

    own = [row for row in mixed if row.list.mode is mode]
    assert price(mixed, sales) == price(own, tuple(one for one in sales if one.mode is mode))


@given(rows(), st.integers(1, 100), st.booleans(), st.integers(1, 100))
def test_prices_with_tax_are_computed_as_those_without(
    drawn: list[RowFacts], quantity: int, lowest: bool, percent: int
) -> None:
    def price(mode: PriceMode) -> Decimal:
        sales = (a_sale(str(percent)), an_amount_off("3", mode))
        found: Goods = goods(*(of(mode, row) for row in drawn), promotions=sales, floor="20", mode=mode)
        return costs(found, str(quantity), Policy(lowest=lowest))

    assert price(NET) == price(GROSS)

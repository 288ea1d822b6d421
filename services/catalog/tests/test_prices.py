"""The price of a variant for a viewer: rules 3.1 as far as base and group prices go."""

from decimal import Decimal
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.prices import EVERYONE, PUBLIC, PriceRow, Viewer, resolve
from shared.contracts.catalog.products import PriceReason
from shared.kernel.money import UnitPrice

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def row(amount: str, group: UUID = PUBLIC, currency: str = "EUR", id_: int = 0) -> PriceRow:
    return PriceRow(UUID(int=id_), Decimal(amount), currency, group)


def eur(amount: str) -> UnitPrice:
    return UnitPrice(Decimal(amount), "EUR")


def member(*groups: UUID) -> Viewer:
    return Viewer(frozenset(groups))


def test_everyone_pays_the_base_price() -> None:
    price = resolve([row("100")], EVERYONE, "EUR")

    assert (price.unit_price, price.list_price, price.reason) == (eur("100.00"), eur("100.00"), PriceReason.BASE)


def test_P2_a_price_entered_for_the_group_stands_for_itself() -> None:
    price = resolve([row("100"), row("92", A)], member(A), "EUR")

    assert (price.unit_price, price.list_price, price.reason) == (eur("92.00"), eur("100.00"), PriceReason.GROUP)


def test_P3_nobody_pays_more_than_everyone_does_while_the_cap_is_on() -> None:
    rows = [row("80"), row("85", A)]

    capped = resolve(rows, member(A), "EUR")
    assert (capped.unit_price, capped.reason) == (eur("80.00"), PriceReason.BASE)
    assert resolve(rows, member(A), "EUR", cap_at_public=False).unit_price == eur("85.00")


def test_P4_a_unit_price_is_rounded_half_up_before_it_is_multiplied() -> None:
    unit_price = resolve([row("11.0415")], EVERYONE, "EUR").unit_price

    assert unit_price == eur("11.04")
    assert unit_price is not None
    assert unit_price.line(Decimal(3)).amount == Decimal("33.12")


@pytest.mark.parametrize(("currency", "shown"), [("EUR", "9.90"), ("JPY", "10"), ("TND", "9.895")])
def test_a_unit_price_has_the_decimals_of_its_currency(currency: str, shown: str) -> None:
    price = resolve([row("9.895", currency=currency)], EVERYONE, currency)

    assert price.unit_price is not None
    assert str(price.unit_price.amount) == shown


def test_P5_of_several_groups_the_lowest_price_wins() -> None:
    assert resolve([row("100"), row("90", A), row("88", B)], member(A, B), "EUR").unit_price == eur("88.00")


def test_P8_a_price_in_another_currency_is_no_price() -> None:
    price = resolve([row("100"), row("90", A)], member(A), "USD")

    assert (price.unit_price, price.list_price, price.reason) == (None, None, PriceReason.PRICE_UNAVAILABLE)


def test_P9_a_price_of_another_group_is_nowhere_in_the_answer() -> None:
    price = resolve([row("100"), row("70", B)], EVERYONE, "EUR")

    assert price.unit_price == eur("100.00")
    assert "70" not in repr(price)


def test_a_group_price_without_a_base_price_is_a_price() -> None:
    price = resolve([row("70", A)], member(A), "EUR")

    assert (price.unit_price, price.list_price) == (eur("70.00"), None)


@pytest.mark.parametrize("reason", [PriceReason.LOGIN_REQUIRED, PriceReason.GROUP_HIDDEN])
def test_hidden_prices_show_neither_price_nor_list_price(reason: PriceReason) -> None:
    price = resolve([row("100"), row("90", A)], Viewer(frozenset({A}), reason), "EUR")

    assert (price.unit_price, price.list_price, price.reason) == (None, None, reason)


amounts = st.decimals(min_value=0, max_value=10_000, places=4)
price_rows = st.builds(
    PriceRow,
    id=st.uuids(),
    amount=amounts,
    currency=st.sampled_from(["EUR", "JPY"]),
    group_id=st.sampled_from([PUBLIC, A, B, C]),
)
many_rows = st.lists(price_rows, max_size=5, unique_by=lambda one: one.id)
viewers = st.frozensets(st.sampled_from([A, B]), max_size=2).map(Viewer)


@given(many_rows, viewers)
def test_the_order_of_rows_does_not_matter(rows: list[PriceRow], viewer: Viewer) -> None:
    assert len({resolve(order, viewer, "EUR") for order in permutations(rows)}) == 1


@given(many_rows, viewers)
def test_a_member_never_pays_more_than_a_visitor(rows: list[PriceRow], viewer: Viewer) -> None:
    mine, public = resolve(rows, viewer, "EUR").unit_price, resolve(rows, EVERYONE, "EUR").unit_price

    assert public is None or (mine is not None and mine.amount <= public.amount)


@given(many_rows, viewers, many_rows)
def test_P9_prices_of_other_groups_change_nothing(rows: list[PriceRow], viewer: Viewer, others: list[PriceRow]) -> None:
    foreign = [PriceRow(other.id, other.amount, other.currency, C) for other in others]

    assert resolve([*rows, *foreign], viewer, "EUR") == resolve(rows, viewer, "EUR")


@given(many_rows, viewers, amounts)
def test_with_the_cap_off_a_group_price_beats_every_base_price(
    rows: list[PriceRow], viewer: Viewer, amount: Decimal
) -> None:
    specific = PriceRow(UUID(int=0), amount, "EUR", A)

    price = resolve([*rows, specific], Viewer(viewer.group_ids | {A}), "EUR", cap_at_public=False)

    assert price.reason is PriceReason.GROUP
    assert price.unit_price is not None
    assert price.unit_price.amount <= resolve([specific], member(A), "EUR").unit_price.amount  # type: ignore[union-attr]

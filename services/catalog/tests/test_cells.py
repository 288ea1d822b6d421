"""Cells: what they mean, and that what is written is read again as it was."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.bulk import cells
from services.catalog.domain.bulk.cells import CellFault
from services.catalog.domain.bulk.columns import OF, HeaderFault, named
from shared.contracts.catalog.bulk import ImportKind

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=50).map(str.strip).filter(bool)
CODES = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.50", "1234.5"),
        ("1234,50", "1234.5"),
        ("1 234,50", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"),
        ("0,5", "0.5"),
        ("1 234,567", "1234.567"),
        ("1234,567", "1234.567"),
        ("007", "7"),
    ],
)
def test_a_number_may_be_written_as_in_france(cell: str, value: str) -> None:
    assert cells.number(4)(cell) == Decimal(value)


@pytest.mark.parametrize(
    "cell", ["1,234.5", "1.234,5", "12 34", "1e5", "٣", "+5", "1_000", "0x1", "--1", "1.", ".5", "€5"]
)
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(CellFault) as fault:
        cells.number(4)(cell)
    assert fault.value.code == "NUMBER_INVALID"


def test_thousands_or_thousandths_are_asked_about() -> None:
    with pytest.raises(CellFault, match=r"1234 or 1\.234"):
        cells.number(4)("1,234")


@given(TEXTS | st.from_regex(r"'*[=+\-@][a-z]*", fullmatch=True))
def test_a_disarmed_text_is_no_formula_and_becomes_itself_again(text: str) -> None:
    cell = cells.disarmed(text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells.armed(cell) == text


def test_a_formula_is_refused() -> None:
    with pytest.raises(CellFault, match="formula"):
        cells.armed("=1+1")


@given(st.lists(TEXTS, max_size=5))
def test_texts_between_bars_are_read_again(texts: list[str]) -> None:
    assert cells.parts(cells.joined(texts)) == texts


@given(st.dictionaries(CODES, st.lists(TEXTS, min_size=1, max_size=3), max_size=4))
def test_values_by_code_are_read_again(values: dict[str, list[str]]) -> None:
    assert cells.pairs(cells.written(values)) == values


@given(st.decimals(0, 10**12, allow_nan=False, places=4))
def test_an_amount_is_read_again(amount: Decimal) -> None:
    assert cells.number(4)(cells.written(amount)) == amount


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_read_again(moment: datetime) -> None:
    assert cells.moment(cells.written(moment)) == moment


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-30", datetime(2026, 11, 30, tzinfo=UTC)),
        ("2026-11-30T18:00:00+01:00", datetime(2026, 11, 30, 17, tzinfo=UTC)),
        ("45000.5", datetime(2023, 3, 15, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_may_be_a_spreadsheets_date(cell: str, moment: datetime) -> None:
    assert cells.moment(cell) == moment


@pytest.mark.parametrize("cell", ["30/11/2026", "tomorrow", "99999999", "1"])
def test_what_is_no_date_is_refused(cell: str) -> None:
    with pytest.raises(CellFault):
        cells.moment(cell)


@pytest.mark.parametrize("kind", list(ImportKind))
def test_the_example_of_every_column_can_be_read(kind: ImportKind) -> None:
    for column in OF[kind]:
        if column.example:
            column.read(cells.armed(column.example))
    assert named(kind, [f" {column.name.upper()} " for column in OF[kind]]) == [column.name for column in OF[kind]]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["sku", "price", "color"], "color"),
        (["sku", "sku"], "twice"),
        (["price"], "sku is missing"),
        ([], "sku is missing"),
        (["sku", "", "price"], r"\(no name\)"),
        (["sku"] * 101, "101 columns"),
    ],
)
def test_a_header_that_is_none_is_refused(header: list[str], said: str) -> None:
    with pytest.raises(HeaderFault, match=said):
        named(ImportKind.PRODUCTS, header)

"""Pasted lists and CSV of SKU and quantity, line by line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.quick_order import LONGEST_LINE, MOST_LINES, Fault, Line, read

THIN, FIXED = "\u202f", "\u00a0"


def read_one(text: str) -> Line | Fault:
    (found,) = read(text)
    return found


@pytest.mark.parametrize(
    ("text", "sku", "quantity"),
    [
        ("CAFE-1KG;2", "CAFE-1KG", "2"),
        ("CAFE-1KG\t2", "CAFE-1KG", "2"),
        ("CAFE-1KG,2", "CAFE-1KG", "2"),
        ("CAFE-1KG 2", "CAFE-1KG", "2"),
        ("  CAFE-1KG   2  ", "CAFE-1KG", "2"),
        ("CAFE-1KG x 2", "CAFE-1KG", "2"),
        ("CAFE-1KG x2", "CAFE-1KG", "2"),
        ("CAFE-1KG×2", "CAFE-1KG", "2"),
        ("2 x CAFE-1KG", "CAFE-1KG", "2"),
        ("2,5 x CAFE-1KG", "CAFE-1KG", "2.5"),
        ("CAFE-1KG", "CAFE-1KG", "1"),
        ("CAFE-1KG;", "CAFE-1KG", "1"),
        ("BOX2", "BOX2", "1"),
        ("BOX2,5", "BOX2", "5"),
        ("TABLE OAK", "TABLE OAK", "1"),
        ("TABLE OAK, 3", "TABLE OAK", "3"),
        ("3017620422003", "3017620422003", "1"),
        ("3017620422003 2", "3017620422003", "2"),
        ('"CAFE;1KG";2', "CAFE;1KG", "2"),
        ('"CAFE, 1 KG","2"', "CAFE, 1 KG", "2"),
        ("CAFE;2;Coffee beans", "CAFE", "2"),
        ("CAFE,2,Coffee beans", "CAFE", "2"),
        ("CAFE;2,5", "CAFE", "2.5"),
        ("CAFE 2,5", "CAFE", "2.5"),
        ("CAFE x 2,5", "CAFE", "2.5"),
        ("CAFE;0,125", "CAFE", "0.125"),
        ("CAFE;1 000", "CAFE", "1000"),
        (f"CAFE 1{THIN}234,5", "CAFE", "1234.5"),
        (f"CAFE;1{FIXED}000", "CAFE", "1000"),
        ("CAFE;1.234,5", "CAFE", "1234.5"),
        ("CAFE;1,234.5", "CAFE", "1234.5"),
        ("\ufeffCAFE;2", "CAFE", "2"),
    ],
)
def test_a_line_is_a_sku_and_a_quantity(text: str, sku: str, quantity: str) -> None:
    assert read_one(text) == Line(1, sku, Decimal(quantity))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CAFE;1,000", "QUANTITY_AMBIGUOUS"),
        ("CAFE;2.500", "QUANTITY_AMBIGUOUS"),
        ("CAFE,2,5", "QUANTITY_AMBIGUOUS"),
        ("CAFE;two", "QUANTITY_INVALID"),
        ("CAFE;1e5", "QUANTITY_INVALID"),
        ("CAFE;NaN", "QUANTITY_INVALID"),
        ("CAFE;٣", "QUANTITY_INVALID"),
        ("CAFE;1.2.3", "QUANTITY_INVALID"),
        ("CAFE;=2+3", "QUANTITY_INVALID"),
        ("CAFE;0", "QUANTITY_NOT_POSITIVE"),
        ("CAFE -2", "QUANTITY_NOT_POSITIVE"),
        ("CAFE;2,1234", "QUANTITY_TOO_FINE"),
        ("2 3017620422003", "QUANTITY_TOO_LARGE"),
        ("CAFE\t\t2", "QUANTITY_MISSING"),
        (";2", "SKU_MISSING"),
        ("x" * 65 + ";2", "SKU_TOO_LONG"),
        ("CA\x07FE;2", "SKU_INVALID"),
        ("x" * (LONGEST_LINE + 1), "LINE_TOO_LONG"),
        ("x;" * 1_000_000, "LINE_TOO_LONG"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text: str, code: str) -> None:
    found = read_one(text)

    assert isinstance(found, Fault)
    assert (found.line_no, found.code) == (1, code)
    assert found.message.endswith(".")
    assert text.startswith(found.text)


@pytest.mark.parametrize(
    "text",
    [
        "sku;quantity\nCAFE;2\nTHE;1",
        "SKU,Qty\r\nCAFE,2\r\nTHE,1\r\n",
        "Référence\tQté\rCAFE\t2\rTHE\t1",
        "Qté.;Désignation;Réf.\n2;Café en grains;CAFE\n1;Thé vert;THE",
        "Code-barres; Quantité :\nCAFE; 2\nTHE; 1",
        "ref qty\nCAFE 2\nTHE 1",
        "SKU\nCAFE 2\nTHE",
    ],
)
def test_a_first_line_that_names_columns_says_where_they_stand(text: str) -> None:
    assert read(text) == [Line(2, "CAFE", Decimal(2)), Line(3, "THE", Decimal(1))]


def test_a_first_line_that_names_nothing_is_read() -> None:
    assert read("CAFE;Coffee\nREF-7;2")[1] == Line(2, "REF-7", Decimal(2))
    assert read("SKU-1;2") == [Line(1, "SKU-1", Decimal(2))]


def test_what_an_order_form_leaves_open_is_not_ordered() -> None:
    _, tea = read("ref;qty;name\nCAFE;2;Coffee\nTHE;;Tea")

    assert isinstance(tea, Fault)
    assert (tea.line_no, tea.code) == (3, "QUANTITY_MISSING")


def test_lines_keep_their_numbers_and_good_ones_are_read_beside_bad_ones() -> None:
    found = read("\nCAFE;2\n\n \nTHE;none\nSEL 3\n")

    assert [(one.line_no, type(one)) for one in found] == [(2, Line), (5, Fault), (6, Line)]


def test_nothing_is_read_of_nothing() -> None:
    assert read("") == read(" \n\r\n\t\n") == read("sku;quantity") == []


def test_a_list_has_at_most_five_hundred_lines() -> None:
    whole = "\n".join(f"SKU{number};1" for number in range(MOST_LINES))

    assert all(isinstance(one, Line) for one in read(f"sku;qty\n{whole}"))
    *first, last = read(f"{whole}\nONE-MORE;1\nANOTHER;1")
    assert len(first) == MOST_LINES
    assert isinstance(last, Fault)
    assert (last.line_no, last.text, last.code) == (501, "ONE-MORE;1", "TOO_MANY_LINES")


QUANTITIES = st.decimals(min_value="0.001", max_value="99999999", places=3)
SKUS = st.from_regex(r"[A-Z]{2}[A-Z0-9-]{0,20}", fullmatch=True)


@given(SKUS, QUANTITIES, st.sampled_from(["{};{}", "{}\t{}", "{} {}", "{} x {}", "{} × {}"]), st.booleans())
def test_what_is_written_plainly_is_read_as_written(sku: str, quantity: Decimal, form: str, french: bool) -> None:
    plain = f"{quantity.normalize():f}"
    found = read_one(form.format(sku, plain.replace(".", ",") if french else plain))

    # Three decimals behind a small number may be thousands: that alone is asked about.
    assert found == Line(1, sku, quantity) or (isinstance(found, Fault) and found.code == "QUANTITY_AMBIGUOUS")


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_said_to_be_unreadable(text: str) -> None:
    for one in read(text):
        assert isinstance(one, Fault) or (one.quantity > 0 and 0 < len(one.sku) <= 64)

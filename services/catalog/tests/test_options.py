"""Options: each variant is one combination of known values, and no two that are sold are the same one."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.options import Chosen, choice_errors, option_errors, still_known
from shared.contracts.catalog.products import Option, ProductStatus

COLOUR = Option(code="colour", name="Colour", values=["red", "blue"])
SIZE = Option(code="size", name="Size", values=["S", "M"])


def chosen(*values: Mapping[str, str]) -> list[Chosen]:
    return [Chosen(f"/variants/{index}/options", value) for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ([{"colour": "red", "size": "S"}, {"colour": "red", "size": "M"}], []),
        ([{"colour": "red"}], [("/variants/0/options", "OPTION_MISSING")]),
        ([{"colour": "green", "size": "S"}], [("/variants/0/options/colour", "VALUE_UNKNOWN")]),
        ([{"colour": "red", "size": "S", "cut": "slim"}], [("/variants/0/options/cut", "OPTION_UNKNOWN")]),
        ([{"colour": "red", "size": "S"}] * 2, [("/variants/1/options", "COMBINATION_TWICE")]),
        ([{}], [("/variants/0/options", "OPTION_MISSING")] * 2),
    ],
)
def test_each_variant_has_one_known_value_of_each_option(
    values: list[dict[str, str]], faults: list[tuple[str, str]]
) -> None:
    errors = choice_errors([COLOUR, SIZE], chosen(*values))

    assert [(error.pointer, error.code) for error in errors] == faults
    assert all(error.message.endswith(".") for error in errors)


def test_variants_without_options_are_told_apart_by_their_names() -> None:
    assert choice_errors([], chosen({}, {})) == []
    assert [error.code for error in choice_errors([], chosen({"colour": "red"}))] == ["OPTION_UNKNOWN"]


def test_a_variant_that_is_sold_no_more_leaves_its_combination_to_another() -> None:
    red = {"colour": "red"}
    gone = Chosen("", red, ProductStatus.DISCONTINUED)

    assert choice_errors([COLOUR], [gone, Chosen("/options", red)]) == []
    assert choice_errors([COLOUR], [Chosen("", red), gone]) == []


def test_options_and_values_are_named_once() -> None:
    twice = Option(code="colour", name="Shade", values=["dark", "light", "dark"])

    errors = option_errors([COLOUR, twice])

    assert [(error.pointer, error.code) for error in errors] == [
        ("/options/1/code", "OPTION_TWICE"),
        ("/options/1/values/2", "VALUE_TWICE"),
    ]


def test_what_an_option_that_is_no_more_said_is_forgotten() -> None:
    assert still_known([COLOUR], {"colour": "red", "size": "S"}) == {"colour": "red"}


VALUES = st.fixed_dictionaries({"colour": st.sampled_from(COLOUR.values), "size": st.sampled_from(SIZE.values)})


@given(st.lists(VALUES, max_size=8))
def test_as_many_faults_as_combinations_repeated(values: list[dict[str, str]]) -> None:
    different = {tuple(sorted(value.items())) for value in values}

    errors = choice_errors([COLOUR, SIZE], chosen(*values))

    assert len(errors) == len(values) - len(different)


@given(st.lists(VALUES, max_size=8), st.randoms())
def test_the_order_of_variants_changes_which_is_named_and_not_how_many(
    values: list[dict[str, str]], random: Random
) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)

    before, after = (choice_errors([COLOUR, SIZE], chosen(*some)) for some in (values, shuffled))

    assert len(before) == len(after)

"""Where a category may stand, without a database."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.categories import MOST_LEVELS, check_empty, placed
from shared.contracts.catalog.categories import CategoryCycle, CategoryNotEmpty, CategoryTooDeep

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


def test_a_path_leads_from_the_top_to_the_category_itself() -> None:
    assert placed(ONE, []) == [ONE]
    assert placed(THREE, [ONE, TWO]) == [ONE, TWO, THREE]


@pytest.mark.parametrize("above", [[ONE], [ONE, TWO], [TWO, ONE], [TWO, ONE, THREE]])
def test_a_category_never_stands_below_itself(above: list[UUID]) -> None:
    with pytest.raises(CategoryCycle) as refused:
        placed(ONE, above)
    assert "first move the one" in refused.value.detail


@given(st.integers(0, MOST_LEVELS + 2), st.integers(1, MOST_LEVELS + 2))
def test_no_branch_is_deeper_than_the_tree_may_be(above: int, levels: int) -> None:
    path = [UUID(int=step) for step in range(100, 100 + above)]

    if above + levels <= MOST_LEVELS:
        assert placed(ONE, path, levels) == [*path, ONE]
    else:
        with pytest.raises(CategoryTooDeep):
            placed(ONE, path, levels)


def test_only_an_empty_category_is_deleted() -> None:
    check_empty(0, 0)

    with pytest.raises(CategoryNotEmpty, match=r"2 products .* 1 categories") as refused:
        check_empty(2, 1)
    assert refused.value.details == {"products": 2, "categories": 1}

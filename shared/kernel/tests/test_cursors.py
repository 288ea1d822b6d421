"""Cursors: what is sealed is opened again, and nothing else is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.cursors import opened, sealed


@given(st.text())
def test_a_cursor_opens_as_what_it_was_made_of(place: str) -> None:
    assert opened(sealed(place)) == place
    assert re.fullmatch(r"[A-Za-z0-9_-]*", sealed(place))


@pytest.mark.parametrize("cursor", ["a", "é", "_w"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        opened(cursor)

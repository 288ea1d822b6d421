"""The search for cycles, put off for a while: it goes on afterwards, whatever happened meanwhile."""

import gc

import pytest

from services.catalog.adapters.collecting import put_off


def test_the_search_is_off_within_and_on_again_behind() -> None:
    with put_off():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_does_not_leave_it_off() -> None:
    with pytest.raises(RuntimeError), put_off():
        raise RuntimeError("no")
    assert gc.isenabled()


def test_of_two_at_once_none_leaves_it_off() -> None:
    first, second = put_off(), put_off()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)

    assert gc.isenabled()

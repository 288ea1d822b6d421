"""The memory of looks: it keeps what is used, forgets the rest, and takes nothing for what it is not."""

from uuid import UUID

import pytest

from services.catalog.domain.remembered import Memory, weight
from services.catalog.domain.shelf import SIGNATURES, Look, Signature, signed
from shared.kernel.ids import new_id

KEY = weight((new_id(), 1, "terms"))


def a_shelf(looks: int = 3) -> Memory[Look]:
    """Return one on which so many looks of 100 bytes have room, with their keys."""
    return Memory(looks * (100 + KEY), lambda look: look.size)


def a_look(characters: int) -> Look:
    return Look(b'{"n":' + b"1" * (characters - 10), {new_id(): b'{"v":'})


def test_a_look_is_joined_in_the_order_of_its_stock() -> None:
    first, second, unknown = new_id(), new_id(), new_id()
    look = Look(b'{"name":"Chair"', {first: b'{"sku":"a"', second: b'{"sku":"b"'})
    stock = [(second, b'"available":2'), (unknown, b'"available":9'), (first, b'"available":1')]

    pieces, size = look.shown("some", lambda: stock)

    joined = b"".join(pieces)
    assert joined == b'{"name":"Chair","variants":[{"sku":"b","available":2},{"sku":"a","available":1}]}'
    assert size == len(joined)
    assert b"".join(look.shown("none", list)[0]) == b'{"name":"Chair","variants":[]}'
    assert look.size == len(b'{"name":"Chair"' + b'{"sku":"a"' + b'{"sku":"b"')


def test_stock_is_read_anew_only_where_it_is_another() -> None:
    variant = new_id()
    look, reads = Look(b'{"name":"Chair"', {variant: b'{"sku":"a"'}), list[int]()

    def shown(left: int) -> bytes:
        def stock() -> list[tuple[UUID, bytes]]:
            reads.append(left)
            return [(variant, b'"available":%d' % left)]

        return b"".join(look.shown(left, stock)[0])

    assert [b'"available":%d}' % left in shown(left) for left in (5, 5, 4, 4, 5)] == [True] * 5
    assert reads == [5, 4, 5]


def test_a_signature_is_its_values() -> None:
    assert signed(("EUR", 1)) is signed(("EUR", 1))
    assert Signature(("EUR", 1)) == Signature(("EUR", 1)) != Signature(("EUR", 2))
    assert len({Signature(("EUR", 1)), Signature(("EUR", 1)), Signature(("USD", 1))}) == 2
    kept = signed(("EUR", 0))
    for number in range(SIGNATURES + 1):
        signed(("USD", number))
    assert signed(("EUR", 0)) is not kept  # forgotten meanwhile, and equal all the same
    assert signed(("EUR", 0)) == kept


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    shelf = a_shelf()
    keys = [(new_id(), 1, "terms") for _ in range(4)]
    for key in keys[:3]:
        shelf.keep(key, a_look(100))

    assert shelf.find(keys[0]) is not None
    shelf.keep(keys[3], a_look(100))

    assert [shelf.find(key) is not None for key in keys] == [True, False, True, True]


def test_a_look_larger_than_the_shelf_is_kept_alone_and_one_replaced_takes_its_own_room() -> None:
    shelf = a_shelf()
    keys = [(new_id(), 1, "terms") for _ in range(3)]
    for _ in range(5):
        shelf.keep(keys[0], a_look(100))
    shelf.keep(keys[1], a_look(100))
    assert None not in [shelf.find(key) for key in keys[:2]]

    shelf.keep(keys[2], a_look(1_000))
    assert [shelf.find(key) is not None for key in keys] == [False, False, True]
    shelf.keep(keys[0], a_look(100))
    assert [shelf.find(key) is not None for key in keys] == [True, False, False]


@pytest.mark.parametrize("other", [(0, 2, "terms"), (0, 1, "others"), (1, 1, "terms")])
def test_another_product_version_or_terms_is_another_look(other: tuple[int, int, str]) -> None:
    ids = [new_id(), new_id()]
    shelf = a_shelf()
    kept = shelf.keep((ids[0], 1, "terms"), a_look(50))

    number, version, terms = other
    assert shelf.find((ids[number], version, terms)) is None
    assert shelf.find((ids[0], 1, "terms")) is kept

"""The memory of looks: it keeps what is used, forgets the rest, and takes nothing for what it is not."""

import pytest

from services.catalog.domain.shelf import Pieces, Shelf
from shared.kernel.ids import new_id


def a_look(characters: int) -> Pieces:
    variant_id = new_id()
    return Pieces('{"n":' + "1" * (characters - 10), {variant_id: '{"v":'})


def test_pieces_are_joined_in_the_order_of_their_stock() -> None:
    first, second, unknown = new_id(), new_id(), new_id()
    look = Pieces('{"name":"Chair"', {first: '{"sku":"a"', second: '{"sku":"b"'})

    joined = look.joined([(second, '"available":2'), (unknown, '"available":9'), (first, '"available":1')])

    assert joined == '{"name":"Chair","variants":[{"sku":"b","available":2},{"sku":"a","available":1}]}'
    assert look.joined([]) == '{"name":"Chair","variants":[]}'
    assert look.size == len('{"name":"Chair"' + '{"sku":"a"' + '{"sku":"b"')


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    shelf = Shelf(most=300)
    keys = [(new_id(), 1, "terms") for _ in range(4)]
    for key in keys[:3]:
        shelf.keep(key, a_look(100))

    assert shelf.find(keys[0]) is not None
    shelf.keep(keys[3], a_look(100))

    assert [shelf.find(key) is not None for key in keys] == [True, False, True, True]


def test_a_look_larger_than_the_shelf_is_kept_alone_and_one_replaced_takes_its_own_room() -> None:
    shelf = Shelf(most=300)
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
    shelf = Shelf()
    kept = shelf.keep((ids[0], 1, "terms"), a_look(50))

    number, version, terms = other
    assert shelf.find((ids[number], version, terms)) is None
    assert shelf.find((ids[0], 1, "terms")) is kept

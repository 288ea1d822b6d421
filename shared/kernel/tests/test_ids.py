"""Ids sort by time, and derived ones repeat."""

from shared.kernel.ids import derived_id, new_id


def test_new_ids_are_uuid7_and_come_in_order_of_time() -> None:
    first, later = new_id(), new_id()

    assert first.version == 7
    assert first.variant == later.variant == "specified in RFC 4122"
    assert first.int >> 80 <= later.int >> 80


def test_the_same_parts_make_the_same_id_and_no_others_do() -> None:
    assert derived_id("a", "bc") == derived_id("a", "bc") != derived_id("ab", "c")

from enum import StrEnum

import pytest

from shared.kernel.problems import Conflict
from shared.kernel.transitions import advance


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


NEXT = {
    Light.RED: frozenset({Light.GREEN, Light.BROKEN}),
    Light.GREEN: frozenset({Light.RED, Light.BROKEN}),
    Light.BROKEN: frozenset[Light](),
}


def test_a_state_moves_as_the_table_says_or_stays() -> None:
    assert advance(NEXT, Light.RED, Light.GREEN, "A light") is Light.GREEN
    assert advance(NEXT, Light.BROKEN, Light.BROKEN, "A light") is Light.BROKEN


def test_a_move_the_table_lacks_is_refused_with_what_is_possible() -> None:
    with pytest.raises(Conflict, match="A light that is broken cannot become red; it stays as it is") as refused:
        advance(NEXT, Light.BROKEN, Light.RED, "A light")

    assert refused.value.details == {"from": "broken", "to": "red", "allowed": []}

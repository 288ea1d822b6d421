from uuid import UUID

from services.orders.domain.attribution import attribute
from shared.contracts.agents.settings import Attribution
from shared.kernel.ids import new_id

X, Y = new_id(), new_id()
CUSTOMER_FIRST = [Attribution.CUSTOMER_AGENT, Attribution.ACTING_AGENT]
ACTING_FIRST = [Attribution.ACTING_AGENT, Attribution.CUSTOMER_AGENT]


def candidates(customers: UUID | None, acting: UUID | None) -> dict[Attribution, UUID | None]:
    return {Attribution.CUSTOMER_AGENT: customers, Attribution.ACTING_AGENT: acting}


def test_a_sale_belongs_to_the_customers_agent_first() -> None:
    assert attribute(CUSTOMER_FIRST, candidates(X, Y)) == (X, Attribution.CUSTOMER_AGENT)


def test_A3_a_shop_may_put_the_acting_agent_first() -> None:
    assert attribute(ACTING_FIRST, candidates(X, Y)) == (Y, Attribution.ACTING_AGENT)


def test_the_next_in_line_has_it_when_the_first_is_nobody() -> None:
    assert attribute(CUSTOMER_FIRST, candidates(None, Y)) == (Y, Attribution.ACTING_AGENT)
    assert attribute(ACTING_FIRST, candidates(X, None)) == (X, Attribution.CUSTOMER_AGENT)


def test_a_sale_without_an_agent_belongs_to_nobody() -> None:
    assert attribute(CUSTOMER_FIRST, candidates(None, None)) == (None, None)
    assert attribute([Attribution.ACTING_AGENT], candidates(X, None)) == (None, None)
    assert attribute([], candidates(X, Y)) == (None, None)

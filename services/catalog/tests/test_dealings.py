"""Whose prices someone sees, for whom they may order, and how freely they may set prices."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from services.catalog.domain.dealings import (
    BuyerFacts,
    Dealing,
    SellerFacts,
    check_may_order,
    latitude,
    reads_catalogue,
    served_buyer,
    viewer,
    whose_prices,
)
from services.catalog.domain.manual_prices import ANY_PRICE, Latitude
from services.catalog.domain.prices import EVERYONE, Viewer
from services.catalog.tests.samples import CLERK, KEEPER
from shared.contracts.actor import VISITOR, Actor, Permission
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.customers.customers import AccountPending, CustomerNotFound, CustomerStatus, CustomerSuspended
from shared.kernel.problems import Forbidden
from shared.testing import agent, customer, staff

BUYER, OTHER, SELLER, VISITORS, A, B = (UUID(int=number) for number in range(1, 7))
KNOWN = BuyerFacts(BUYER, CustomerStatus.APPROVED, (A, B), SELLER, hiding_groups=0)
SELLING = SellerFacts(SELLER, AgentStatus.ACTIVE, Decimal("7.5"), Decimal(20))
STAMP = UUID(int=7)
DEALING = Dealing(STAMP, buyer=KNOWN, visitor_group_id=VISITORS)


def with_buyer(**facts: object) -> Dealing:
    return replace(DEALING, buyer=replace(KNOWN, **facts))  # type: ignore[arg-type]


def test_a_customer_asks_for_their_own_prices_without_naming_themselves() -> None:
    assert whose_prices(customer(BUYER), None) == BUYER
    assert whose_prices(customer(BUYER), BUYER) == BUYER


@pytest.mark.parametrize("actor", [customer(OTHER), VISITOR])
def test_nobody_asks_for_the_prices_of_somebody_else(actor: Actor) -> None:
    with pytest.raises(CustomerNotFound):
        whose_prices(actor, BUYER)


def test_a_buyer_sees_the_prices_of_all_their_groups() -> None:
    assert viewer(customer(BUYER), DEALING) == Viewer(BUYER, group_ids=frozenset({A, B}))


def test_prices_are_hidden_only_when_all_groups_hide_them() -> None:
    assert viewer(customer(BUYER), with_buyer(hiding_groups=1)).hidden is None
    assert viewer(customer(BUYER), with_buyer(hiding_groups=2)).hidden is PriceReason.GROUP_HIDDEN


def test_a_visitor_is_in_the_group_of_visitors() -> None:
    assert viewer(VISITOR, Dealing(STAMP, visitor_group_id=VISITORS)) == Viewer(group_ids=frozenset({VISITORS}))
    assert viewer(VISITOR, Dealing(STAMP)) == EVERYONE
    assert viewer(VISITOR, Dealing(STAMP, visitors_see_prices=False)).hidden is PriceReason.LOGIN_REQUIRED


@pytest.mark.parametrize("status", [CustomerStatus.PENDING, CustomerStatus.SUSPENDED])
def test_a_buyer_who_is_not_approved_browses_as_a_visitor(status: CustomerStatus) -> None:
    assert viewer(customer(BUYER), with_buyer(status=status)) == Viewer(group_ids=frozenset({VISITORS}))


def test_staff_and_agents_who_look_at_nobodys_prices_see_the_base_price() -> None:
    assert viewer(KEEPER, Dealing(STAMP, visitors_see_prices=False)) == EVERYONE
    assert viewer(agent(SELLER), Dealing(STAMP, visitors_see_prices=False)) == EVERYONE


@pytest.mark.parametrize("actor", [customer(BUYER), agent(SELLER), CLERK], ids=["self", "own agent", "clerk"])
def test_those_who_may_order_for_a_buyer(actor: Actor) -> None:
    check_may_order(actor, DEALING)


@pytest.mark.parametrize("actor", [customer(OTHER), agent(OTHER)])
def test_to_anybody_else_the_buyer_does_not_exist(actor: Actor) -> None:
    with pytest.raises(CustomerNotFound):
        check_may_order(actor, DEALING)


def test_staff_who_may_not_place_for_others_find_nobody() -> None:
    with pytest.raises(CustomerNotFound):
        check_may_order(staff(Permission.ORDERS_PLACE_OWN), DEALING)


def test_every_agent_serves_every_buyer_where_the_shop_says_so() -> None:
    assert served_buyer(agent(OTHER), replace(DEALING, agents_serve_all=True)) == KNOWN


def test_a_buyer_without_an_agent_is_no_agents() -> None:
    with pytest.raises(CustomerNotFound):
        served_buyer(agent(SELLER), with_buyer(agent_id=None))


@pytest.mark.parametrize(
    ("status", "problem"),
    [(CustomerStatus.PENDING, AccountPending), (CustomerStatus.SUSPENDED, CustomerSuspended)],
)
@pytest.mark.parametrize("actor", [customer(BUYER), agent(SELLER), CLERK], ids=["self", "own agent", "clerk"])
def test_nobody_orders_for_a_buyer_who_may_not_buy(
    actor: Actor, status: CustomerStatus, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        check_may_order(actor, with_buyer(status=status))


def test_a_suspended_agent_does_not_sell() -> None:
    suspended = replace(SELLING, status=AgentStatus.SUSPENDED)

    with pytest.raises(Forbidden, match="suspended and cannot sell"):
        check_may_order(agent(SELLER), replace(DEALING, seller=suspended))


def test_how_freely_each_may_set_prices() -> None:
    assert latitude(customer(BUYER), None) is None
    assert latitude(CLERK, None) is None
    assert latitude(staff(Permission.ORDERS_PLACE, Permission.PRICES_WRITE), None) == ANY_PRICE
    assert latitude(agent(SELLER), SELLING) == Latitude(Decimal("7.5"), Decimal(20))


def test_only_staff_who_read_the_catalogue_see_what_is_discontinued() -> None:
    assert reads_catalogue(KEEPER)
    assert not reads_catalogue(CLERK)
    assert not reads_catalogue(agent(SELLER, Permission.CATALOG_READ))

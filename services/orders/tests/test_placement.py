from decimal import Decimal
from typing import Any

import pytest

from services.orders.domain.placement import check_buyer, check_lines, check_reach, customer_for
from services.orders.domain.tax import check_rates
from services.orders.tests.samples import BOB_HIMSELF, CLERK, NANCY
from shared.contracts.actor import VISITOR, Permission
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.customers.customers import AccountPending, CustomerNotFound, CustomerStatus, CustomerSuspended
from shared.contracts.orders.orders import DuplicateLine, NewLine
from shared.kernel.ids import new_id
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Conflict, Forbidden, Malformed
from shared.testing import customer, staff


def line(sku: str = "chair", price: str | None = None, discount: str = "0", currency: str = "EUR") -> NewLine:
    by_hand = UnitPrice(Decimal(price), currency) if price else None
    return NewLine(sku=sku, quantity=Decimal(1), unit_price=by_hand, discount_percent=Decimal(discount))


def test_a_customer_orders_for_themselves_and_need_not_say_so() -> None:
    assert customer_for(BOB_HIMSELF, None) == BOB_HIMSELF.id
    assert customer_for(BOB_HIMSELF, BOB_HIMSELF.id) == BOB_HIMSELF.id


def test_another_customer_is_not_there_for_a_customer() -> None:
    with pytest.raises(CustomerNotFound):
        customer_for(BOB_HIMSELF, new_id())


@pytest.mark.parametrize("actor", [CLERK, NANCY])
def test_staff_and_agents_name_the_customer(actor: Any) -> None:
    with pytest.raises(Malformed) as refused:
        customer_for(actor, None)

    assert refused.value.errors[0].pointer == "/customer_id"


def test_the_same_sku_stands_on_two_lines_at_different_prices_only() -> None:
    check_lines(NANCY, [line(), line(price="49"), line(discount="5"), line("book")], "EUR")

    with pytest.raises(DuplicateLine) as refused:
        check_lines(NANCY, [line("book"), line(price="49"), line(), line(price="49.00")], "EUR")

    assert [error.pointer for error in refused.value.errors] == ["/lines/3/sku"]
    assert "line 2" in refused.value.errors[0].message


@pytest.mark.parametrize("actor", [BOB_HIMSELF, CLERK])
@pytest.mark.parametrize("by_hand", [line(price="49"), line(discount="5")])
def test_customers_and_clerks_set_no_prices(actor: Any, by_hand: NewLine) -> None:
    with pytest.raises(Forbidden):
        check_lines(actor, [by_hand], "EUR")


def test_whoever_sets_the_shops_prices_may_set_one_by_hand() -> None:
    check_lines(staff(Permission.ORDERS_PLACE, Permission.PRICES_WRITE), [line(price="49")], "EUR")


def test_a_price_in_another_currency_than_the_order_is_refused_by_field() -> None:
    with pytest.raises(Malformed) as refused:
        check_lines(NANCY, [line(), line(price="49", currency="USD")], "EUR")

    assert refused.value.errors[0].pointer == "/lines/1/unit_price/currency"


def test_an_agent_serves_their_own_customers_and_all_where_the_shop_says_so() -> None:
    check_reach(NANCY, NANCY.id, agents_serve_all=False)
    check_reach(NANCY, new_id(), agents_serve_all=True)

    for looked_after_by in (new_id(), None):
        with pytest.raises(CustomerNotFound):
            check_reach(NANCY, looked_after_by, agents_serve_all=False)


def test_nobody_else_orders_for_a_customer() -> None:
    check_reach(CLERK, None, agents_serve_all=False)
    check_reach(customer(new_id()), None, agents_serve_all=False)

    nobodys_agent = NANCY.model_copy(update={"id": None})
    for actor in (VISITOR, nobodys_agent, staff(Permission.ORDERS_PLACE_OWN)):
        with pytest.raises(CustomerNotFound):
            check_reach(actor, None, agents_serve_all=True)


def test_who_is_not_approved_or_suspended_may_not_buy() -> None:
    check_buyer(CustomerStatus.APPROVED)

    with pytest.raises(AccountPending):
        check_buyer(CustomerStatus.PENDING)
    with pytest.raises(CustomerSuspended):
        check_buyer(CustomerStatus.SUSPENDED)


def test_nothing_is_sold_where_no_vat_rate_is_known() -> None:
    check_rates(dict.fromkeys(TaxCategory, Decimal(20)), "FR")

    with pytest.raises(Conflict, match="No VAT rate is in force for DE: reduced, zero") as refused:
        check_rates({TaxCategory.STANDARD: Decimal(19)}, "DE")

    assert refused.value.details == {"country": "DE", "categories": ["reduced", "zero"]}

"""Who is told what, and which mails are the same."""

from decimal import Decimal

import pytest

from services.notifications.domain.letters import Recipient, cancellation, placement, placement_for_agent, receipt
from services.notifications.tests.samples import AGENT, BY_CUSTOMER, a_line, a_payment, an_order, euros, surcharged
from shared.kernel.ids import new_id


def test_vat_is_told_by_rate_and_adds_up_to_what_the_order_says():
    order = an_order()

    taxes = placement(order).taxes

    assert [tax.rate for tax in taxes] == [Decimal("5.5"), Decimal("20")]
    assert [tax.net for tax in taxes] == [euros("102.81"), euros("1150.05")]
    assert [tax.tax for tax in taxes] == [euros("5.65"), euros("230.01")]
    assert taxes[0].tax + taxes[1].tax == order.tax


def test_T1_the_shares_of_three_lines_are_told_as_one_vat():
    shares = ("0.07", "0.07", "0.06")
    lines = [a_line(position, "Vis", "1", "0.33", "20", share) for position, share in enumerate(shares, 1)]

    (tax,) = placement(an_order(lines)).taxes

    assert (tax.net, tax.tax) == (euros("0.99"), euros("0.20"))


def test_the_vat_of_a_surcharge_is_told_with_that_of_its_rate():
    order = surcharged(an_order())

    taxes = placement(order).taxes

    assert [tax.rate for tax in taxes] == [Decimal("5.5"), Decimal("20")]
    assert [tax.net for tax in taxes] == [euros("104.04"), euros("1163.82")]
    assert [tax.tax for tax in taxes] == [tax.net.percent(tax.rate) for tax in taxes]
    assert taxes[0].net + taxes[1].net == order.net
    assert taxes[0].tax + taxes[1].tax == order.tax


@pytest.mark.parametrize(("paid", "due"), [("0.00", "1488.52"), ("1000.00", "488.52"), ("1488.52", "0.00")])
def test_what_is_due_is_the_total_less_what_came_in(paid, due):
    assert placement(an_order(paid=euros(paid))).due == euros(due)


def test_more_than_asked_leaves_nothing_due():
    assert placement(an_order(paid=euros("2000.00"))).due == euros("0.00")


def test_the_same_step_told_again_is_the_same_mail():
    order = an_order()

    assert placement(order).id == placement(order.model_copy()).id


def test_every_step_and_every_recipient_has_a_mail_of_its_own():
    order = an_order()
    cancelled = order.model_copy(update={"version": 2})
    agents = [Recipient(id_, "Nadia", "nadia@agents.example", "fr") for id_ in (AGENT, new_id())]
    letters = [
        placement(order),
        placement(an_order()),
        *(placement_for_agent(order, agent) for agent in agents),
        receipt(order, a_payment(order, euros("1.00"))),
        receipt(order, a_payment(order, euros("1.00"))),
        cancellation(order, "late"),
        cancellation(cancelled, "late"),
    ]

    assert len({letter.id for letter in letters}) == len(letters)


def test_the_agent_who_placed_the_order_is_told_so():
    by_agent = placement_for_agent(an_order(), Recipient(AGENT, "Nadia", "nadia@agents.example", "fr"))
    by_customer = placement(an_order(placed_by=BY_CUSTOMER))

    assert by_agent.placed_by_the_reader
    assert by_agent.placed_by_an_agent
    assert by_customer.placed_by_the_customer
    assert not by_customer.placed_by_an_agent

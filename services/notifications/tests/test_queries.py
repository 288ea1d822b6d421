"""The delivery log."""

import pytest

from services.notifications.handlers.events import confirm_to_customer, tell_of_cancellation
from services.notifications.handlers.queries import list_mails
from services.notifications.tests.samples import an_order
from shared.contracts.notifications import ListMails, MailKind, MailStatus
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.kernel.problems import Malformed


@pytest.fixture
async def orders(desk):
    """Three orders told of, the first of them delivered, the last cancelled."""
    orders = [an_order(number=number, email=f"c{number}@x.example") for number in (1, 2, 3)]
    for order in orders:
        await desk(confirm_to_customer, OrderConfirmed(order=order))
        if order is orders[0]:
            await desk.deliver()
    await desk(tell_of_cancellation, OrderCancelled(order=orders[2].model_copy(update={"version": 2}), reason="late"))
    return orders


async def test_the_newest_mail_stands_first(desk, orders):
    page = await desk(list_mails, ListMails())

    assert [mail.order_id for mail in page.items] == [orders[2].id, orders[2].id, orders[1].id, orders[0].id]
    assert page.items[0].kind is MailKind.ORDER_CANCELLED
    assert page.next is None


async def test_pages_follow_each_other_without_gap_or_repeat(desk, orders):
    whole = await desk(list_mails, ListMails())
    first = await desk(list_mails, ListMails(limit=3))
    second = await desk(list_mails, ListMails(limit=3, cursor=first.next))

    assert first.items + second.items == whole.items
    assert (len(first.items), second.next) == (3, None)


async def test_the_log_is_searched_by_order_address_and_status(desk, orders):
    by_order = await desk(list_mails, ListMails(order_id=orders[2].id))
    by_address = await desk(list_mails, ListMails(to="C2@X.example"))
    sent = await desk(list_mails, ListMails(status=MailStatus.SENT))
    none = await desk(list_mails, ListMails(order_id=orders[2].id, status=MailStatus.SENT))

    assert len(by_order.items) == 2
    assert [mail.order_id for mail in by_address.items] == [orders[1].id]
    assert [(mail.order_id, mail.attempts) for mail in sent.items] == [(orders[0].id, 1)]
    assert sent.items[0].sent_at is not None
    assert none.items == []


async def test_a_cursor_of_no_list_is_refused(desk, orders):
    with pytest.raises(Malformed):
        await desk(list_mails, ListMails(cursor="nonsense"))

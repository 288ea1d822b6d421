"""Who is told of what happens, once for each step."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.notifications import settings
from services.notifications.handlers import events
from services.notifications.handlers.jobs import TellAgent, tell_agent
from services.notifications.models import KnownAgent
from services.notifications.tests.samples import AGENT, CUSTOMER, a_payment, a_shop, an_agent, an_order, euros
from shared.contracts.agents.agents import AgentChanged, AgentNotFound, AgentRegistered, SellerTerms
from shared.contracts.agents.settings import Attribution, SalesSettings
from shared.contracts.notifications import MailKind, MailStatus
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.contracts.orders.payments import PaymentRecorded
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.messaging.handler import handlers_in
from shared.testing import answering

TERMS = SellerTerms(
    agent=an_agent(locale="en"),
    settings=SalesSettings(id=new_id(), version=1, agents_serve_all=False, attribution=[Attribution.CUSTOMER_AGENT]),
)


def a_payment_event(order=None):
    order = order or an_order(paid=euros("500.00"), version=2)
    return PaymentRecorded(order=order, payment=a_payment(order, euros("500.00")))


EVENTS = {
    events.confirm_to_customer: OrderConfirmed(order=an_order()),
    events.announce_to_agent: OrderConfirmed(order=an_order()),
    events.acknowledge_payment: a_payment_event(),
    events.tell_of_cancellation: OrderCancelled(order=an_order(version=2), reason="late"),
    events.keep_registered_agent: AgentRegistered(agent=an_agent()),
    events.keep_changed_agent: AgentChanged(agent=an_agent(version=2)),
}


async def test_a_confirmed_order_is_told_to_its_customer(desk):
    order = an_order(locale="en")

    await desk(events.confirm_to_customer, OrderConfirmed(order=order))

    mail = await desk.mail()
    assert (mail.kind, mail.order_id, mail.recipient_id) == (MailKind.ORDER_PLACED, order.id, CUSTOMER)
    assert (mail.to, mail.locale, mail.subject) == ("marie@cafe-luna.example", "en", "Order no. 1042 confirmed")
    assert (mail.status, mail.attempts, mail.sent_at) == (MailStatus.QUEUED, 0, None)
    assert mail.message_id == f"<{mail.id}@maison-verdier.example>"
    (job,) = await desk.jobs()
    assert (job.kind, job.payload) == ("SendMail", {"mail_id": str(mail.id)})


async def test_a_sale_is_told_to_its_agent_in_their_language(desk):
    await desk(events.keep_registered_agent, AgentRegistered(agent=an_agent(locale="en")))

    await desk(events.announce_to_agent, OrderConfirmed(order=an_order()))

    mail = await desk.mail()
    assert (mail.kind, mail.recipient_id, mail.to) == (MailKind.AGENT_ORDER_PLACED, AGENT, "nadia@agents.example")
    assert mail.subject == "New order no. 1042: Marie Dupont (Café Luna)"


async def test_a_sale_of_no_agent_is_told_to_none(desk):
    await desk(events.announce_to_agent, OrderConfirmed(order=an_order(agent_id=None)))

    assert await desk.mails() == []
    assert await desk.jobs() == []


async def test_an_agent_not_heard_of_yet_is_asked_for_by_a_job(desk, session):
    order = an_order()
    desk.ask = answering(GetSeller=TERMS)

    await desk(events.announce_to_agent, OrderConfirmed(order=order))
    (job,) = await desk.jobs()
    assert await desk.mails() == []
    await desk(tell_agent, TellAgent.model_validate(job.payload))
    await desk(tell_agent, TellAgent.model_validate(job.payload))

    mail = await desk.mail()
    assert (mail.to, mail.locale, mail.order_id) == ("nadia@agents.example", "en", order.id)
    assert (await session.get_one(KnownAgent, AGENT)).email == "nadia@agents.example"


async def test_an_agent_whom_agents_does_not_know_either_is_asked_for_again(desk):
    with pytest.raises(AgentNotFound):
        await desk(tell_agent, TellAgent(order=an_order()))

    assert await desk.mails() == []


async def test_each_payment_is_told_once(desk):
    order = an_order(paid=euros("500.00"))
    first, second = a_payment_event(order), a_payment_event(order)

    for event in (first, second, first):
        await desk(events.acknowledge_payment, event)

    mails = await desk.mails()
    assert [mail.kind for mail in mails] == [MailKind.PAYMENT_RECEIVED] * 2
    assert {mail.transition for mail in mails} == {str(first.payment.id), str(second.payment.id)}


async def test_a_cancellation_tells_its_reason(desk):
    await desk(events.tell_of_cancellation, OrderCancelled(order=an_order(version=3), reason="Rupture définitive"))

    mail = await desk.mail()
    assert mail.subject == "Commande n° 1042 annulée"
    assert "Motif\u00a0: Rupture définitive" in mail.text


def test_every_event_handler_is_tried_twice_below():
    assert {function for _, function in handlers_in([events])} == set(EVENTS)


@pytest.mark.parametrize("handler", EVENTS, ids=lambda handler: handler.__name__)
async def test_ST4_an_event_heard_twice_is_told_once(desk, session, handler):
    if handler is events.announce_to_agent:
        await desk(events.keep_registered_agent, AgentRegistered(agent=an_agent()))

    await desk(handler, EVENTS[handler])
    once = [mail.id for mail in await desk.mails()], [job.key for job in await desk.jobs()]
    await desk(handler, EVENTS[handler])

    assert ([mail.id for mail in await desk.mails()], [job.key for job in await desk.jobs()]) == once
    assert len((await session.scalars(select(KnownAgent))).all()) <= 1


async def test_an_event_heard_again_after_its_mail_left_sends_no_other(desk, mail_server):
    event = OrderConfirmed(order=an_order())
    await desk(events.confirm_to_customer, event)
    await desk.deliver()

    await desk(events.confirm_to_customer, event)
    await desk.deliver()

    assert len(mail_server.taken) == 1
    assert await desk.jobs() == []


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a b@c.example"])
async def test_a_customer_without_a_usable_address_gets_no_mail(desk, address):
    await desk(events.confirm_to_customer, OrderConfirmed(order=an_order(email=address)))

    assert await desk.mails() == []


async def test_a_shop_may_leave_out_a_kind_of_mail(desk):
    settings.use(a_shop(mails_off=["order_placed"]))

    await desk(events.confirm_to_customer, OrderConfirmed(order=an_order()))
    await desk(events.tell_of_cancellation, OrderCancelled(order=an_order(), reason="late"))

    assert [mail.kind for mail in await desk.mails()] == [MailKind.ORDER_CANCELLED]


async def test_a_mail_heard_of_late_still_has_its_three_days(desk):
    now = clock.now()

    with clock.stopped(now):
        order = an_order()
        await desk(events.confirm_to_customer, OrderConfirmed(order=order), as_of=now - timedelta(days=5))

    assert (await desk.mail()).queued_at == now


@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
async def test_the_newest_news_of_an_agent_is_kept_in_whatever_order_it_comes(desk, session, versions):
    for version in versions:
        changed = AgentChanged(agent=an_agent(version=version, email=f"v{version}@agents.example"))
        await desk(events.keep_changed_agent, changed)

    assert (await session.get_one(KnownAgent, AGENT)).email == "v2@agents.example"


@pytest.mark.parametrize(
    ("handler", "most"),
    [
        (events.confirm_to_customer, 2),  # the mail, its job
        (events.announce_to_agent, 3),  # the agent, the mail, its job
        (events.acknowledge_payment, 2),
        (events.tell_of_cancellation, 2),
        (events.keep_changed_agent, 1),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_an_event_takes_few_statements_however_many_lines_it_tells_of(desk, statements, handler, most):
    await desk(events.keep_registered_agent, AgentRegistered(agent=an_agent()))
    statements.clear()

    await desk(handler, EVENTS[handler])

    assert len(statements) == most

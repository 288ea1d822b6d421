"""What an operator may do about a mail."""

import pytest
from sqlalchemy import select

from services.notifications.handlers.commands import resend_mail
from services.notifications.handlers.events import confirm_to_customer
from services.notifications.tests.samples import an_order
from shared.contracts.notifications import MailNotFailed, MailNotFound, MailStatus, ResendMail
from shared.contracts.orders.orders import OrderConfirmed
from shared.kernel.ids import new_id
from shared.messaging.tables import OperatorAct


async def a_failed_mail(desk, mail_server):
    await desk(confirm_to_customer, OrderConfirmed(order=an_order()))
    mail_server.to_recipient = "550 no such mailbox"
    await desk.deliver()
    mail_server.to_recipient = "250 OK"
    return await desk.mail()


async def test_a_mail_that_was_given_up_is_sent_again_under_its_message_id(desk, mail_server, session):
    mail = await a_failed_mail(desk, mail_server)

    view = await desk(resend_mail, ResendMail(id=mail.id, reason="The mailbox exists now."))
    assert (view.status, view.error, view.version) == (MailStatus.QUEUED, None, mail.version + 1)
    await desk.deliver()

    assert mail_server.message_ids == [mail.message_id]
    assert ((await desk.mail()).status, (await desk.mail()).attempts) == (MailStatus.SENT, 2)
    act = (await session.scalars(select(OperatorAct))).one()
    assert (act.act, act.subject, act.reason) == ("resend_mail", str(mail.id), "The mailbox exists now.")
    assert act.actor["name"] == "Staff"


async def test_a_mail_sent_again_has_another_three_days(desk, mail_server):
    mail = await a_failed_mail(desk, mail_server)
    await mail_server.stop()

    await desk(resend_mail, ResendMail(id=mail.id, reason="Try again."))
    await desk.deliver()

    again = await desk.mail()
    assert again.status is MailStatus.QUEUED
    assert again.queued_at > mail.queued_at


async def test_only_a_mail_that_was_given_up_is_sent_again(desk, mail_server):
    await desk(confirm_to_customer, OrderConfirmed(order=an_order()))
    mail = await desk.mail()

    with pytest.raises(MailNotFailed, match="This mail is queued"):
        await desk(resend_mail, ResendMail(id=mail.id, reason="Faster!"))
    await desk.deliver()
    with pytest.raises(MailNotFailed, match="This mail is sent"):
        await desk(resend_mail, ResendMail(id=mail.id, reason="Once more!"))

    assert len(mail_server.taken) == 1


async def test_a_mail_that_does_not_exist_is_not_found(desk):
    with pytest.raises(MailNotFound):
        await desk(resend_mail, ResendMail(id=new_id(), reason="Where is it?"))

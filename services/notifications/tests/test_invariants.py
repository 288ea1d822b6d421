"""What must hold at rest, and that its loss is seen."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from services.notifications import invariants
from services.notifications.handlers.events import confirm_to_customer
from services.notifications.models import Mail
from services.notifications.tests.samples import an_order
from shared.contracts.orders.orders import OrderConfirmed
from shared.kernel import clock
from shared.messaging.tables import JobRow


@pytest.fixture
async def mail(desk):
    await desk(confirm_to_customer, OrderConfirmed(order=an_order()))
    return await desk.mail()


async def drifts(session):
    return [drift for check in invariants.ALL for drift in await check(session)]


async def test_nothing_drifts_before_during_and_after_delivery(desk, session, mail, mail_server):
    assert await drifts(session) == []
    await mail_server.stop()
    await desk.deliver()
    with clock.stopped(clock.now() + timedelta(hours=1)):
        assert await drifts(session) == []
    await mail_server.start()
    await desk.deliver()
    with clock.stopped(clock.now() + timedelta(hours=1)):
        assert await drifts(session) == []


async def test_a_mail_that_waits_without_a_job_is_seen_after_ten_minutes(session, mail):
    await session.execute(delete(JobRow))

    assert await drifts(session) == []
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        (drift,) = await drifts(session)
    assert str(mail.id) in drift


async def test_a_mail_whose_job_was_given_up_is_seen(session, mail):
    await session.execute(update(JobRow).values(failed_at=clock.now()))

    with clock.stopped(clock.now() + timedelta(minutes=11)):
        assert len(await drifts(session)) == 1


async def test_a_sent_mail_without_its_moment_and_a_second_mail_of_a_step_are_refused(session, mail):
    for constraint in ("ck_mails_sent_has_its_moment", "uq_mails_order_id_kind_transition_recipient_id"):
        assert await session.scalar(
            text("SELECT count(*) FROM pg_constraint WHERE conname = :name"), {"name": constraint}
        )
    with pytest.raises(Exception, match="ck_mails_sent_has_its_moment"):
        await session.execute(update(Mail).values(status="sent"))

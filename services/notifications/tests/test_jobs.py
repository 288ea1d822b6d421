"""Mails on their way, through a real mail server that misbehaves."""

import asyncio
from datetime import timedelta

import pytest

from services.notifications.handlers.jobs import SendMail, give_up, send_mail
from shared.contracts.notifications import MailFailed, MailSent, MailStatus
from shared.kernel import clock


async def test_a_mail_that_left_says_when_and_tells_the_house(desk, placed):
    await placed()

    await desk.deliver()

    mail = await desk.mail()
    assert (mail.status, mail.attempts, mail.error) == (MailStatus.SENT, 1, None)
    assert mail.sent_at is not None
    (sent,) = desk.emitted
    assert isinstance(sent, MailSent)
    assert (sent.mail.id, sent.mail.status, sent.mail.version) == (mail.id, MailStatus.SENT, 2)
    assert await desk.jobs() == []


async def test_a_mail_waits_for_a_server_that_is_away_and_keeps_its_message_id(desk, placed, mail_server):
    mail = await placed()
    await mail_server.stop()

    await desk.deliver()
    await desk.deliver()
    waiting = await desk.mail()
    assert (waiting.status, waiting.attempts) == (MailStatus.QUEUED, 2)
    assert waiting.error
    await mail_server.start()
    await desk.deliver()

    assert mail_server.message_ids == [mail.message_id]
    assert ((await desk.mail()).status, (await desk.mail()).attempts) == (MailStatus.SENT, 3)
    assert len(desk.emitted) == 1


async def test_attempts_follow_each_other_at_growing_distance(desk, placed, mail_server):
    queued_at = (await placed()).queued_at
    await mail_server.stop()

    waits = []
    for passed in (0, 1, 10, 600, 86_400):
        with clock.stopped(queued_at + timedelta(seconds=passed)):
            await desk.deliver()
        (job,) = await desk.jobs()
        waits.append((job.run_after - queued_at).total_seconds() - passed)

    assert waits == [1, 1, 10, 600, 1800]


async def test_a_mail_is_given_up_after_three_days(desk, placed, mail_server):
    mail = await placed()
    await mail_server.stop()

    await desk.deliver()
    with clock.stopped(mail.queued_at + timedelta(days=3)):
        await desk.deliver()

    given_up = await desk.mail()
    assert (given_up.status, given_up.attempts, given_up.sent_at) == (MailStatus.FAILED, 2, None)
    (failed,) = desk.emitted
    assert isinstance(failed, MailFailed)
    assert (failed.mail.error, failed.mail.version) == (given_up.error, given_up.version)
    assert await desk.jobs() == []


async def test_a_recipient_refused_for_good_is_given_up_at_once(desk, placed, mail_server):
    await placed()
    mail_server.to_recipient = "550 5.1.1 no such mailbox"

    await desk.deliver()

    mail = await desk.mail()
    assert (mail.status, mail.error) == (MailStatus.FAILED, "550 5.1.1 no such mailbox")
    assert [type(event) for event in desk.emitted] == [MailFailed]
    assert await desk.jobs() == []


async def test_a_mail_refused_for_good_is_given_up_at_once(desk, placed, mail_server):
    await placed()
    mail_server.to_mail = "554 5.7.1 looks like spam"

    await desk.deliver()

    assert ((await desk.mail()).status, (await desk.mail()).error) == (MailStatus.FAILED, "554 5.7.1 looks like spam")


@pytest.mark.parametrize("refusal", ["to_recipient", "to_mail"])
async def test_a_passing_refusal_is_tried_again(desk, placed, mail_server, refusal):
    mail = await placed()
    setattr(mail_server, refusal, "451 4.7.1 come back later")

    await desk.deliver()
    assert ((await desk.mail()).status, (await desk.mail()).error) == (MailStatus.QUEUED, "451 4.7.1 come back later")
    setattr(mail_server, refusal, "250 OK")
    await desk.deliver()

    assert mail_server.message_ids == [mail.message_id]


async def test_a_line_cut_before_the_answer_brings_a_repeat_that_can_be_known_as_one(desk, placed, mail_server):
    mail = await placed()
    mail_server.vanishes = True

    await desk.deliver()
    assert (await desk.mail()).status is MailStatus.QUEUED
    mail_server.vanishes = False
    await desk.deliver()

    assert mail_server.message_ids == [mail.message_id] * 2
    assert mail_server.taken[0].as_bytes() == mail_server.taken[1].as_bytes()
    assert [type(event) for event in desk.emitted] == [MailSent]


async def test_an_attempt_killed_while_the_server_thinks_leaves_the_mail_waiting(desk, placed, mail_server):
    mail = await placed()
    mail_server.hangs = True

    attempt = asyncio.create_task(desk(send_mail, SendMail(mail_id=mail.id)))
    await mail_server.busy.wait()
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert ((await desk.mail()).status, len(await desk.jobs())) == (MailStatus.QUEUED, 1)
    mail_server.hangs = False
    await desk.deliver()

    assert mail_server.message_ids == [mail.message_id]


async def test_an_attempt_killed_before_it_could_note_its_success_is_repeated_as_itself(desk, placed, mail_server):
    mail = await placed()

    await desk.dies_in(send_mail, SendMail(mail_id=mail.id))
    await desk.deliver()

    assert mail_server.message_ids == [mail.message_id] * 2
    assert [type(event) for event in desk.emitted] == [MailSent]


async def test_a_job_left_over_sends_nothing_again(desk, placed, mail_server):
    mail = await placed()
    await desk.deliver()

    await desk(send_mail, SendMail(mail_id=mail.id))

    assert len(mail_server.taken) == 1
    assert (await desk.mail()).attempts == 1


async def test_a_mail_whose_attempts_fail_on_our_side_is_given_up(desk, placed):
    mail = await placed()

    await desk(give_up, SendMail(mail_id=mail.id))
    await desk(give_up, SendMail(mail_id=mail.id))

    assert (await desk.mail()).status is MailStatus.FAILED
    assert [type(event) for event in desk.emitted] == [MailFailed]


async def test_no_transaction_is_open_while_the_server_thinks(desk, placed, mail_server, work_as):
    mail = await placed()
    mail_server.hangs = True
    work = work_as()

    attempt = asyncio.create_task(send_mail(SendMail(mail_id=mail.id), work))
    await mail_server.busy.wait()
    assert not work.session.in_transaction()

    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt

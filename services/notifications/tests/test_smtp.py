"""A mail as it travels: its headers, its forms, whom it goes to."""

import pytest

from services.notifications import settings
from services.notifications.tests.samples import a_shop
from shared.contracts.notifications import MailStatus


async def test_a_mail_leaves_in_both_forms_to_its_recipient_alone(desk, placed, mail_server):
    mail = await placed()

    await desk.deliver()

    (message,) = mail_server.taken
    (envelope,) = mail_server.envelopes
    assert envelope.mail_from == "commandes@maison-verdier.example"
    assert envelope.rcpt_tos == ["marie@cafe-luna.example"]
    assert message["From"] == "Maison Verdier <commandes@maison-verdier.example>"
    assert message["To"] == "marie@cafe-luna.example"
    assert message["Subject"] == "Commande n° 1042 confirmée"
    assert message["Message-ID"] == f"<{mail.id}@maison-verdier.example>"
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("fr", "auto-generated")
    assert message["Date"].datetime == mail.created_at.replace(microsecond=0)
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == mail.text.splitlines()
    assert page.get_content().splitlines() == mail.html.splitlines()


async def test_what_was_true_is_what_leaves_even_when_the_shop_changed_since(desk, placed, mail_server):
    mail = await placed()
    settings.use(a_shop(smtp_url=mail_server.url, shop_name="Autre maison", mail_from="autre@autre.example"))

    await desk.deliver()

    (message,) = mail_server.taken
    assert message["Message-ID"] == mail.message_id
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "Maison Verdier SAS" in plain.get_content()


async def test_headers_cannot_be_forged_by_names(desk, placed, mail_server):
    settings.use(a_shop(smtp_url=mail_server.url))
    await placed(name="Marie\r\nBcc: victim@evil.example\r\n\r\nhi")

    await desk.deliver()

    (message,) = mail_server.taken
    assert message["Bcc"] is None
    assert mail_server.envelopes[0].rcpt_tos == ["marie@cafe-luna.example"]


@pytest.mark.parametrize("address", ["marie,eve@x.example", "eve<marie@x.example", "marie@x..example", "<@x.example"])
async def test_an_address_no_mail_can_have_is_given_up_at_once(desk, placed, mail_server, address):
    await placed(email=address)

    await desk.deliver()

    mail = await desk.mail()
    assert mail.status is MailStatus.FAILED
    assert mail.error
    assert mail_server.taken == []


@pytest.mark.parametrize(
    ("address", "travels_as"),
    [("marie@café.example", "marie@xn--caf-dma.example"), ("hélène@café.example", "hélène@xn--caf-dma.example")],
)
async def test_an_address_beyond_ascii_is_reached(desk, placed, mail_server, address, travels_as):
    await placed(email=address)

    await desk.deliver()

    assert (await desk.mail()).error is None
    assert mail_server.envelopes[0].rcpt_tos == [travels_as]


async def test_an_address_beyond_what_the_server_can_write_is_given_up_at_once(desk, placed, mail_server):
    await placed(email="hélène@cafe.example")
    mail_server.writes_utf8 = False

    await desk.deliver()

    assert (await desk.mail()).status is MailStatus.FAILED

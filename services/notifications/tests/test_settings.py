"""What notifications must be told, and what it refuses to be told."""

import pytest
from pydantic import ValidationError

from services.notifications.adapters.smtp import _client
from services.notifications.settings import Settings
from services.notifications.tests.samples import a_shop
from shared.contracts.notifications import MailKind


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("smtp_url", "http://mail.example", "smtp://host:port"),
        ("smtp_url", "smtp://", "smtp://host:port"),
        ("mail_from", "Shop <shop@x.example>", "mail_from"),
        ("mail_from", "shop@x.example\r\nBcc: y@z.example", "mail_from"),
        ("shop_url", "javascript:alert(1)", "https://shop.example"),
        ("shop_zone", "Paris", "Europe/Paris"),
        ("bank_iban", "FR7630006000011234567890188", "check digits"),
        ("bank_iban", "FR76", "15 to 34"),
        ("bank_bic", "AGRI", "bank_bic"),
        ("mails_off", ["order_lost"], "order_placed"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_its_remedy(field, value, remedy):
    with pytest.raises(ValidationError, match=remedy):
        a_shop(**{field: value})


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("COURTIER_DATABASE_URL", "postgresql+asyncpg://x")
    monkeypatch.setenv("COURTIER_SMTP_URL", "smtps://user:p%40ss@mail.example:465")
    monkeypatch.setenv("COURTIER_MAILS_OFF", '["agent_order_placed"]')

    shop = Settings()

    assert shop.mails_off == {MailKind.AGENT_ORDER_PLACED}
    assert "p%40ss" not in repr(shop)


@pytest.mark.parametrize(
    ("url", "port", "wrapped", "upgrade", "password"),
    [
        ("smtp://mail.example", 25, False, None, None),
        ("smtp://mail.example:2525", 2525, False, None, None),
        ("smtp://user:secret@mail.example", 587, False, True, "secret"),
        ("smtp://user:secret@127.0.0.1:1025", 1025, False, None, "secret"),
        ("smtps://user:p%40ss@mail.example", 465, True, None, "p@ss"),
    ],
)
async def test_a_password_never_travels_in_the_clear_to_another_machine(url, port, wrapped, upgrade, password):
    client = _client(a_shop(smtp_url=url))

    assert (client.port, client.use_tls, client._start_tls_on_connect) == (port, wrapped, upgrade)
    assert client._login_password == (password.encode() if password else None) or client._login_password == password

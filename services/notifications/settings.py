"""What notifications needs besides: the mail server, and how the shop signs its mails."""

from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from shared.contracts.notifications import MailKind
from shared.contracts.values import Email, Text
from shared.settings import InForce, ServiceSettings

IBAN_CHECK = 97


def _mail_server(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("write it as smtp://host:port or smtps://user:password@host:port")
    return url


def _web_address(url: str) -> str:
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise ValueError("write it as https://shop.example, or leave it empty")
    return url


def _iban(text: str) -> str:
    """Return an IBAN without spaces; ISO 13616 has the rearranged number leave 1 when divided by 97."""
    iban = "".join(text.split()).upper()
    if iban and not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34):
        raise ValueError("an IBAN has 15 to 34 letters and digits")
    if iban and int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % IBAN_CHECK != 1:
        raise ValueError("this IBAN has a mistake in it: its check digits do not fit")
    return iban


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("write an IANA time zone such as Europe/Paris") from error
    return name


class Settings(ServiceSettings):
    """Everything notifications must be told."""

    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] = Field(
        default=SecretStr("smtp://127.0.0.1:1025"),
        description="The mail server: smtp://host:port or smtps://user:password@host:port. smtp:// moves to TLS where "
        "the server offers it, and must where a password is sent to another machine.",
    )
    mail_from: Email = Field(default="shop@courtier.example", description="The address the shop's mails come from.")
    shop_name: Text = Field(default="Courtier", description="The shop's name, as its mails sign.")
    shop_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="", description="Where the shop is on the web; mails link to it. Empty: no link."
    )
    shop_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Europe/Paris", description="The shop's IANA time zone, in which mails write dates."
    )
    bank_iban: Annotated[str, AfterValidator(_iban)] = Field(
        default="", description="The account customers transfer to. Empty: mails ask to write for it."
    )
    bank_bic: Annotated[str, StringConstraints(pattern=r"^([A-Z0-9]{8}|[A-Z0-9]{11})?$")] = Field(
        default="", description="The BIC of that account, needed for transfers from outside the euro area."
    )
    bank_holder: str = Field(default="", max_length=200, description="Whose account it is; empty: the shop's name.")
    mails_off: frozenset[MailKind] = Field(
        default=frozenset(), description='The mails this shop does not send, as JSON: ["agent_order_placed"].'
    )


in_force = InForce[Settings]()
use, current = in_force.use, in_force.current

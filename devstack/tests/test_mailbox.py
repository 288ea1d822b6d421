"""The mailbox: any mail in, page and JSON out, kept over a kill."""

import sys
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from devstack.mailbox.letters import Letters
from devstack.ports import Ports
from devstack.process import Process
from devstack.server import Server
from devstack.services import ROOT


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncIterator[tuple[Server, int]]:
    ports = Ports()
    smtp, http = ports.take("smtp"), ports.take("mailbox")
    arguments = ["--smtp-port", str(smtp), "--http-port", str(http), "--file", str(tmp_path / "mail box.jsonl")]
    process = Process("mailbox", [sys.executable, "-m", "devstack.mailbox", *arguments], tmp_path / "log", cwd=ROOT)
    server = Server(process, http)
    await server.restart()
    yield server, smtp
    await server.stop()
    ports.release()


def letter(number: int, to: str = "anna@example.org") -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = f"<order-{number}@shop.example>"
    message["From"] = "shop@example.org"
    message["To"] = to
    message["Subject"] = f"Votre commande n° {number} est confirmée"
    message["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    message.set_content("Bonjour Zoë,\nmerci.\n")
    message.add_alternative("<p>Bonjour <b>Zoë</b><script>alert(1)</script></p>", subtype="html")
    return message


async def test_mail_is_listed_filtered_kept_and_deleted(mailbox: tuple[Server, int]) -> None:
    server, smtp = mailbox
    await aiosmtplib.send(letter(1), hostname="127.0.0.1", port=smtp)
    await aiosmtplib.send(letter(2, "Bob@Example.org"), hostname="127.0.0.1", port=smtp)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as web:
        both = (await web.get("/messages")).json()
        assert [one["id"] for one in both] == [1, 2]
        assert both[0] | {"received_at": ""} == {
            "id": 1,
            "message_id": "<order-1@shop.example>",
            "from": "shop@example.org",
            "to": ["anna@example.org"],
            "subject": "Votre commande n° 1 est confirmée",
            "date": "Sat, 21 Nov 2026 10:00:00 +0000",
            "received_at": "",
            "text": "Bonjour Zoë,\nmerci.\n",
            "html": "<p>Bonjour <b>Zoë</b><script>alert(1)</script></p>\n",
            "attachments": [],
        }
        assert [one["id"] for one in (await web.get("/messages?to=bob@example.org")).json()] == [2]
        assert [one["id"] for one in (await web.get("/messages?message_id=order-1@shop.example")).json()] == [1]
        assert (await web.get("/messages/2")).json()["id"] == 2
        assert (await web.get("/messages/9")).status_code == 404

        await server.kill()
        await server.restart()
        assert len((await web.get("/messages")).json()) == 2
        assert (await web.delete("/messages")).status_code == 204
        await server.restart()
        assert (await web.get("/messages")).json() == []


async def test_the_page_escapes_what_a_letter_says(mailbox: tuple[Server, int]) -> None:
    server, smtp = mailbox
    await aiosmtplib.send(letter(7), hostname="127.0.0.1", port=smtp)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as web:
        listing, opened = await web.get("/"), await web.get("/letters/1")
    assert "Votre commande n° 7 est confirmée" in listing.text
    assert "<script>" not in opened.text
    assert "&lt;script&gt;" in opened.text
    assert "default-src 'none'" in opened.headers["content-security-policy"]


@pytest.mark.parametrize("spoil", [lambda text: text + '{"id": 2, "to"', lambda text: text + "\n\n"])
def test_a_torn_line_costs_only_itself(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    file = tmp_path / "mailbox.jsonl"
    Letters(file).take("shop@example.org", ["anna@example.org"], letter(1).as_bytes())
    file.write_text(spoil(file.read_text()))
    letters = Letters(file)
    letters.take("shop@example.org", ["anna@example.org"], letter(2).as_bytes())
    assert [one.message_id for one in Letters(file).find()] == [one.message_id for one in letters.find()]
    assert len(letters.find()) == 2

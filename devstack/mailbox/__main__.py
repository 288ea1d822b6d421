"""Run the mailbox: SMTP and HTTP on loopback, in one event loop."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session

from devstack.mailbox.letters import Letters
from devstack.mailbox.pages import create_app

SIZE_LIMIT = 20_000_000


class Clerk:
    """Takes every mail that SMTP hands in."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep the mail, then say so."""
        self._letters.take(
            str(envelope.mail_from), [str(to) for to in envelope.rcpt_tos], envelope.original_content or b""
        )
        return "250 OK"


async def serve(smtp_port: int, http_port: int, file: Path) -> None:
    """Serve until a signal asks to end."""
    letters = Letters(file)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(Clerk(letters), hostname="mailbox", data_size_limit=SIZE_LIMIT, loop=loop), "127.0.0.1", smtp_port
    )
    config = uvicorn.Config(create_app(letters), "127.0.0.1", http_port, access_log=False, log_level="warning")
    async with smtp:
        await uvicorn.Server(config).serve()


def main(
    smtp_port: Annotated[int, typer.Option(help="Port for mail.")],
    http_port: Annotated[int, typer.Option(help="Port for people and tests.")],
    file: Annotated[Path, typer.Option(help="Where the mail is kept.")],
) -> None:
    """Take any mail by SMTP and show it over HTTP."""
    asyncio.run(serve(smtp_port, http_port, file))


if __name__ == "__main__":
    typer.run(main)

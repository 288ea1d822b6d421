"""The devstack's mailbox as a container: it hears the whole compose network, and keeps its letters in a volume."""

import asyncio
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP

from devstack.mailbox.__main__ import SIZE_LIMIT, Clerk
from devstack.mailbox.letters import Letters
from devstack.mailbox.pages import create_app

EVERYWHERE = "0.0.0.0"  # within the container; which ports the outside reaches is docker-compose.yml's say
SMTP_PORT, HTTP_PORT = 1025, 8025
FILE = Path("/var/lib/mailbox/letters.jsonl")


async def serve() -> None:
    """Take mail and show it, until a signal asks to end."""
    letters = Letters(FILE)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(Clerk(letters), hostname="mailbox", data_size_limit=SIZE_LIMIT, loop=loop), EVERYWHERE, SMTP_PORT
    )
    config = uvicorn.Config(create_app(letters), EVERYWHERE, HTTP_PORT, access_log=False, log_level="warning")
    async with smtp:
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve())

"""A real mail server that can be told to misbehave."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Takes mail on a port of loopback, and keeps that port when it goes and comes back.

    `to_recipient` and `to_mail` are its answers; `hangs` never answers a mail, `vanishes` takes one and cuts the
    line before it says so; `writes_utf8` tells whether it takes addresses beyond ASCII.
    """

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.to_recipient = self.to_mail = "250 OK"
        self.hangs = self.vanishes = False
        self.writes_utf8 = True
        self.busy = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._lines: list[asyncio.Transport] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._line, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._cut()

    def _line(self) -> SMTP:
        return SMTP(self, hostname="mail.example", loop=asyncio.get_running_loop(), enable_SMTPUTF8=self.writes_utf8)

    def _cut(self) -> None:
        for line in self._lines:
            line.abort()
        self._lines.clear()

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        assert isinstance(server.transport, asyncio.Transport)
        self._lines.append(server.transport)
        return responses

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.busy.set()
        if self.hangs:
            await asyncio.Event().wait()
        if self.to_mail.startswith("250"):
            content: Any = envelope.content
            message = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
            self.envelopes.append(envelope)
        if self.vanishes:
            self._cut()
        return self.to_mail

"""The letters: one as people and tests want to read it, and all of them in the order they came."""

import email
import email.policy
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it arrived. `to` is whom it was handed in for (the envelope), not what its header says."""

    id: int
    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    date: str
    received_at: str
    text: str
    html: str
    attachments: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        letter = asdict(self)
        letter["from"] = letter.pop("sender")
        return letter


class Letters:
    """Every letter, newest last; the file gets a line per letter before the sender hears that it was taken.

    A line is the letter as it was read: a start that read a thousand mails again would take two seconds longer.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._letters: list[Letter] = []
        self._next_id = 1
        for line in file.read_text().splitlines() if file.exists() else []:
            self._load(line)
        self._out = file.open("a")
        self._out.write("\n" if self._torn() else "")

    def take(self, sender: str, recipients: list[str], raw: bytes) -> Letter:
        """Keep a mail."""
        letter = _read(self._next_id, sender, recipients, raw)
        self._out.write(json.dumps(asdict(letter)) + "\n")
        self._out.flush()
        self._keep(letter)
        return letter

    def find(self, to: str | None = None, message_id: str | None = None) -> list[Letter]:
        """Return the letters to an address or with a Message-ID, or all."""
        return [
            letter
            for letter in self._letters
            if (to is None or to.lower() in (address.lower() for address in letter.to))
            and (message_id is None or letter.message_id.strip("<>") == message_id.strip("<>"))
        ]

    def get(self, number: int) -> Letter | None:
        """Return one letter."""
        return next((letter for letter in self._letters if letter.id == number), None)

    def clear(self) -> None:
        """Throw all of them away; the numbers go on."""
        self._letters.clear()
        self._out.truncate(0)

    def _load(self, line: str) -> None:
        try:
            kept = json.loads(line)
            kept |= {"to": tuple(kept["to"]), "attachments": tuple(kept["attachments"])}
            self._keep(Letter(**kept))
        except (ValueError, KeyError, TypeError):  # torn by a kill: its sender never heard a yes and sends it again
            return

    def _torn(self) -> bool:
        return self._file.stat().st_size > 0 and not self._file.read_bytes().endswith(b"\n")

    def _keep(self, letter: Letter) -> None:
        self._letters.append(letter)
        self._next_id = letter.id + 1


def _read(number: int, sender: str, recipients: list[str], raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Letter(
        id=number,
        message_id=str(message.get("Message-ID", "")).strip(),
        sender=str(message.get("From", sender)),
        to=tuple(recipients),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        received_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(part.get_filename() or "unnamed" for part in message.iter_attachments()),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, UnicodeError):  # an unknown charset: better half a letter than none
        payload = part.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""

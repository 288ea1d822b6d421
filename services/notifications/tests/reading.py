"""Mails written, and read as a mail program reads them."""

from html.parser import HTMLParser
from itertools import product
from typing import Any

from services.notifications.settings import Settings
from services.notifications.templates.rendering import Written, render
from services.notifications.tests.samples import a_letter, a_shop, an_order
from shared.contracts.notifications import MailKind

EVERY_MAIL = list(product(MailKind, ("fr", "en")))


class Reader(HTMLParser):
    """Reads a page as a mail program does: its tags, its links, the text one sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.seen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.seen).split())


def written(
    kind: MailKind, locale: str, shop: Settings | None = None, text: str = "Rupture chez le fabricant", **changes: Any
) -> Written:
    """Return a mail about an order with these changes; `text` is its reason or the payment's reference."""
    return render(a_letter(kind, an_order(locale=locale, **changes), text), shop or a_shop())

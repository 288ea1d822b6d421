"""Content blocks: HTML made safe to show, and the language a block is read in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import nh3

from services.catalog.domain.windows import backwards
from shared.contracts.catalog.content import ContentInvalid, ContentText
from shared.contracts.customers.groups import GroupNotFound
from shared.kernel.problems import FieldError

TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "div",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "*": {"lang", "dir"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
FALLBACKS = ("fr", "en")


def safe(html: str) -> str:
    """Return HTML as a shop may show it: known tags and attributes, links to addresses, nothing that runs or styles."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES).strip()


def safe_texts(texts: Mapping[str, ContentText]) -> dict[str, ContentText]:
    """Return a block's texts by locale, their bodies safe. Raises ContentInvalid for one that says nothing then."""
    kept = {locale: ContentText(title=text.title, body=safe(text.body)) for locale, text in texts.items()}
    errors = [
        FieldError(f"/texts/{locale}", "TEXT_EMPTY", "It says nothing that may be shown; give a title or a body.")
        for locale, text in kept.items()
        if not text.title and not text.body
    ]
    if errors:
        raise ContentInvalid(errors=errors)
    return kept


def check_schedule(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Refuse a block that would never be shown. Raises ContentInvalid."""
    if errors := backwards(starts_at, ends_at, "/ends_at"):
        raise ContentInvalid(errors=errors)


def check_groups(group_ids: Sequence[UUID], known: set[UUID]) -> None:
    """Refuse groups that do not exist. Raises GroupNotFound naming each."""
    message = "There is no such group; GET /v1/customer-groups lists them."
    errors = [
        FieldError(f"/group_ids/{index}", GroupNotFound.code, message)
        for index, id_ in enumerate(group_ids)
        if id_ not in known
    ]
    if errors:
        raise GroupNotFound(errors=errors)


def in_language(texts: Mapping[str, ContentText], locale: str) -> tuple[str, ContentText]:
    """Return a block's text in the language asked for or, where it lacks that one, in another it has."""
    found = next(name for name in (locale, *FALLBACKS, *sorted(texts)) if name in texts)
    return found, texts[found]

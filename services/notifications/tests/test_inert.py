"""Whatever names and reasons are made of, they come out as text."""

import re

import pytest

from services.notifications.templates.rendering import TEMPLATES, one_line
from services.notifications.tests.reading import EVERY_MAIL, Reader, written
from services.notifications.tests.samples import LINES
from shared.contracts.actor import ActorRef, ActorType

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</td></table><h1>Paid</h1>",
    "<a href=\"https://evil.example\">pay here</a>",
    "javascript:alert(1)",
    "{{7*7}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "&lt;b&gt;",
    "Marie\r\nBcc: victim@evil.example",
    "Marie\nSubject: You won\n\n<html>",
    "Marie\r\n.\r\nMAIL FROM:<x@evil.example>",
    "Marie\u2028\u2029\x85\x0b\x0cX: y",
    "\u202egnp.exe",
    "Marie\x00\x1b[31m",
]  # fmt: skip


def hostile(payload):
    lines = [line.model_copy(update={"name": payload, "sku": payload}) for line in LINES]
    by = ActorRef(type=ActorType.AGENT, id=None, name=payload)
    return {"lines": lines, "name": payload, "company": payload, "placed_by": by, "text": payload}


@pytest.mark.parametrize("payload", HOSTILE)
@pytest.mark.parametrize(("kind", "locale"), EVERY_MAIL)
def test_whatever_names_and_reasons_hold_comes_out_as_text(kind, locale, payload):
    plain, mail = written(kind, locale, **hostile("Marie")), written(kind, locale, **hostile(payload))
    page, expected = Reader(mail.html), Reader(plain.html)

    assert page.tags == expected.tags
    assert page.links == expected.links
    assert page.handlers == []
    assert mail.text.count("\n") == plain.text.count("\n")
    assert one_line(payload) in mail.text
    assert " ".join(one_line(payload).split()) in page.text
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", mail.subject)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]", mail.text + mail.html.replace("\n", ""))


@pytest.mark.parametrize(("kind", "locale"), EVERY_MAIL)
def test_links_lead_to_the_shop_and_nowhere_else(kind, locale):
    links = set(Reader(written(kind, locale).html).links)

    assert links == {"https://maison-verdier.example", "mailto:commandes@maison-verdier.example"}


def test_no_html_takes_in_a_part_that_is_not_escaped():
    taken = [
        (path, part)
        for path in TEMPLATES.rglob("*.html")
        for part in re.findall(r"{%-? *(?:include|extends|import|from) *[\"']([^\"']+)", path.read_text("utf-8"))
    ]

    assert taken
    assert [part for _, part in taken if not part.endswith(".html")] == []
    assert not [
        path for path in TEMPLATES.rglob("*.html") if re.search(r"\| *safe|autoescape", path.read_text("utf-8"))
    ]

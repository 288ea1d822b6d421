"""The words: right in both languages, and complete in both forms."""

from decimal import Decimal
from html import unescape

import pytest
from jinja2 import UndefinedError

from services.notifications.templates.rendering import TEMPLATES, _environment, render
from services.notifications.tests.reading import EVERY_MAIL, Reader, written
from services.notifications.tests.samples import (
    BY_CUSTOMER,
    BY_STAFF,
    a_letter,
    a_line,
    a_shop,
    an_order,
    euros,
    surcharged,
)
from shared.contracts.actor import ActorRef, ActorType
from shared.contracts.notifications import MailKind
from shared.kernel.money import Money, UnitPrice

WHOLE = {
    "fr": """1042|21 novembre 2026|Nadia Benali|Fauteuil Ambroise, chêne et lin|MV-001|389,00 €|5 %|1 108,65 €|2,5
        |41,125 €|1 200|0,0345 €|1 252,86 €|TVA 5,5 % sur 102,81 €|TVA 20 % sur 1 150,05 €|230,01 €|1 488,52 €
        |Maison Verdier SAS|AGRIFRPP|FR76 3000 6000 0112 3456 7890 189|Commande 1042
        |12 rue des Lilas|69003 Lyon|France|virement""",
    "en": """1042|21 November 2026|Nadia Benali|Fauteuil Ambroise, chêne et lin|MV-001|€389.00|5%|€1,108.65|2.5|€41.125
        |1,200|€0.0345|€1,252.86|VAT 5.5% on €102.81|VAT 20% on €1,150.05|€230.01|€1,488.52|Maison Verdier SAS
        |AGRIFRPP|FR76 3000 6000 0112 3456 7890 189|Order 1042|12 rue des Lilas|69003 Lyon|France|bank transfer""",
}


@pytest.mark.parametrize(("kind", "locale"), EVERY_MAIL)
def test_a_shop_that_told_little_of_itself_still_writes_whole_mails(kind, locale):
    bare = a_shop(shop_url="", bank_iban="", bank_bic="", bank_holder="")

    mail = written(kind, locale, shop=bare)

    assert "None" not in mail.html + mail.text
    assert "IBAN" not in mail.html + mail.text
    assert set(Reader(mail.html).links) == {"mailto:commandes@maison-verdier.example"}


@pytest.mark.parametrize(("locale", "facts"), WHOLE.items())
def test_a_placed_order_is_told_whole_in_both_forms(locale, facts):
    mail = written(MailKind.ORDER_PLACED, locale)
    plain, page = (" ".join(form.split()) for form in (mail.text, Reader(mail.html).text))

    told = [fact.strip() for fact in facts.split("|")]
    assert [fact for fact in told if fact not in plain] == []
    assert [fact for fact in told if fact not in page] == []


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "fr",
            "Supplément, commande inférieure au minimum|15,00 €|1 267,86 €|TVA 5,5 % sur 104,04 €|5,72 €"
            "|TVA 20 % sur 1 163,82 €|232,76 €|1 506,34 €",
        ),
        (
            "en",
            "Surcharge, order below the minimum|€15.00|€1,267.86|VAT 5.5% on €104.04|€5.72"
            "|VAT 20% on €1,163.82|€232.76|€1,506.34",
        ),
    ],
)
@pytest.mark.parametrize("kind", [MailKind.ORDER_PLACED, MailKind.AGENT_ORDER_PLACED])
def test_a_surcharge_is_told_with_the_goods_where_there_is_one(kind, locale, told):
    mail = render(a_letter(kind, surcharged(an_order(locale=locale))), a_shop())
    without = written(kind, locale)

    for form in (mail.text, Reader(mail.html).text):
        assert [fact for fact in told.split("|") if fact not in " ".join(form.split())] == []
    assert told.split("|")[0] not in without.text + without.html


def test_a_customer_who_ordered_for_themselves_reads_of_no_agent():
    mail = written(MailKind.ORDER_PLACED, "fr", placed_by=BY_CUSTOMER)

    assert "passée pour vous" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("placed_by", "sentence"),
    [
        (None, "You placed order no. 1042 for Marie Dupont (Café Luna)."),
        (BY_CUSTOMER, "Marie Dupont (Café Luna) placed order no. 1042."),
        (BY_STAFF, "Our team entered order no. 1042 for Marie Dupont (Café Luna)."),
        (ActorRef(type=ActorType.AGENT, name="Luc"), "Luc placed order no. 1042 for Marie Dupont (Café Luna)."),
        (ActorRef(type=ActorType.AGENT), "Another agent placed order no. 1042 for Marie Dupont (Café Luna)."),
    ],
)
def test_an_agent_reads_who_placed_the_order(placed_by, sentence):
    changes = {"placed_by": placed_by} if placed_by else {}

    mail = written(MailKind.AGENT_ORDER_PLACED, "en", **changes)

    assert sentence in mail.text
    assert sentence in Reader(mail.html).text
    assert mail.subject == "New order no. 1042: Marie Dupont (Café Luna)"


@pytest.mark.parametrize(
    ("locale", "before", "subject", "told", "untold"),
    [
        ("fr", "0.00", "Paiement reçu pour la commande n° 1042", "Il reste 988,52 € à régler.", "rien à payer"),
        ("fr", "988.52", "Paiement reçu pour la commande n° 1042 : entièrement réglée", "rien à payer", "virer"),
        ("en", "0.00", "Payment received for order no. 1042", "€988.52 remains to be paid.", "in full"),
        ("en", "988.52", "Payment received for order no. 1042: paid in full", "paid in full", "to transfer"),
    ],
)
def test_a_receipt_tells_what_came_in_and_what_remains(locale, before, subject, told, untold):
    mail = written(MailKind.PAYMENT_RECEIVED, locale, text="VIR 2026-118", paid=euros(before))
    amount, day = {"fr": ("500,00 €", "24 novembre 2026"), "en": ("€500.00", "24 November 2026")}[locale]

    assert mail.subject == subject
    for form in (mail.text.replace("\u00a0", " "), Reader(mail.html).text):
        assert all(fact in form for fact in (told, amount, day, "VIR 2026-118"))
        assert untold not in form


@pytest.mark.parametrize(("paid", "told"), [("0.00", "nothing to pay"), ("20.00", "You had already paid €20.00")])
def test_a_cancellation_tells_the_reason_and_what_becomes_of_the_money(paid, told):
    mail = written(MailKind.ORDER_CANCELLED, "en", text="No stock & no date", paid=euros(paid))

    assert mail.subject == "Order no. 1042 cancelled"
    for form in (mail.text, Reader(mail.html).text):
        assert "No stock & no date" in form
        assert told in form


def test_plain_text_is_not_escaped_and_html_is_escaped_once():
    mail = written(MailKind.ORDER_PLACED, "fr", name="Dupont & Fils <SARL>")

    assert "Bonjour Dupont & Fils <SARL>," in mail.text
    assert "Bonjour Dupont &amp; Fils &lt;SARL&gt;," in mail.html
    assert "&amp;amp;" not in mail.html
    assert "Dupont & Fils <SARL>" in unescape(mail.html)


def test_a_subject_is_at_most_200_characters():
    assert len(written(MailKind.AGENT_ORDER_PLACED, "fr", name="N" * 200, company="C" * 200).subject) == 200


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (Money(Decimal("1234.5"), "EUR"), "1 234,50 €", "€1,234.50"),
        (Money(Decimal("-1234567.89"), "EUR"), "-1 234 567,89 €", "-€1,234,567.89"),
        (Money(Decimal(1500), "JPY"), "1 500 JPY", "JP¥1,500"),
        (Money(Decimal("2.5"), "TND"), "2,500 TND", "TND 2.500"),
        (UnitPrice(Decimal("0.0345"), "EUR"), "0,0345 €", "€0.0345"),
        (UnitPrice(Decimal("12"), "EUR"), "12,00 €", "€12.00"),
    ],
)
def test_amounts_are_written_as_their_reader_writes_them(value, french, english):
    texts = [_environment(locale).filters["money"](value) for locale in ("fr", "en")]

    assert [text.replace("\u00a0", " ") for text in texts] == [french, english]
    assert "\u202f" not in "".join(texts)


def test_both_languages_have_every_template_and_every_word():
    names = {locale: {path.name for path in (TEMPLATES / locale).iterdir()} for locale in ("fr", "en")}
    words = {locale: _environment(locale).globals["words"] for locale in ("fr", "en")}

    assert names["fr"] == names["en"]
    assert names["fr"] == {f"{kind}.{part}" for kind in MailKind for part in ("subject.txt", "txt", "html")} | {
        "words.toml"
    }
    assert list(words["fr"]) == list(words["en"])


def test_a_missing_word_is_an_error_not_a_gap():
    with pytest.raises(UndefinedError):
        _environment("fr").from_string("{{ words.nothing }}").render()


def test_an_order_of_five_hundred_lines_is_written_whole():
    lines = [a_line(n, f"Article {n}", "2", "10.00", "20", "4.00") for n in range(1, 501)]

    mail = written(MailKind.ORDER_PLACED, "fr", lines=lines)

    assert mail.text.count("2 × 10,00") == 500
    assert Reader(mail.html).text.count("Réf. MV-") == 500

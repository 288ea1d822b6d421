"""Letters about an order at prices with tax: they say so, and how much VAT is contained."""

from decimal import Decimal

import pytest

from services.notifications.domain.letters import placement
from services.notifications.templates.rendering import Written, render
from services.notifications.tests.reading import Reader
from services.notifications.tests.samples import a_letter, a_line, a_shop, an_order, euros
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.notifications import MailKind
from shared.contracts.orders.orders import LineSnapshot, OrderSnapshot, TaxLine

ABOUT_LINES = [MailKind.ORDER_PLACED, MailKind.AGENT_ORDER_PLACED]


def a_gross_line(position: int, quantity: str, unit: str, rate: str, net: str, tax: str) -> LineSnapshot:
    shown = a_line(position, "Théière", quantity, unit, rate, tax)
    return shown.model_copy(update={"net": euros(net), "gross": euros(net) + euros(tax)})


LINES = (a_gross_line(1, "2", "9.99", "20", "16.65", "3.33"), a_gross_line(2, "1", "4.99", "5.5", "4.73", "0.26"))


def a_gross_order(locale: str = "fr") -> OrderSnapshot:
    return an_order(LINES, locale, price_mode=PriceMode.GROSS)


def with_a_surcharge(order: OrderSnapshot) -> OrderSnapshot:
    """Return the order as it is with a surcharge of 4.90 with tax."""
    shares = [
        TaxLine(rate=Decimal(20), net=euros("3.27"), tax=euros("0.65")),
        TaxLine(rate=Decimal("5.5"), net=euros("0.93"), tax=euros("0.05")),
    ]
    net, tax = order.net + euros("4.20"), order.tax + euros("0.70")
    told = {"surcharge": euros("4.90"), "surcharge_taxes": shares, "net": net, "tax": tax, "total": net + tax}
    return order.model_copy(update=told)


def forms(mail: Written) -> list[str]:
    return [" ".join(form.replace("\xa0", " ").split()) for form in (mail.text, Reader(mail.html).text)]


@pytest.mark.parametrize("kind", ABOUT_LINES)
@pytest.mark.parametrize(
    ("locale", "told", "untold"),
    [
        (
            "fr",
            "9,99 €|19,98 €|4,99 €|Total TTC|24,97 €|dont TVA 20 % sur 16,65 €|3,33 €|dont TVA 5,5 %",
            "HT",
        ),
        ("en", "€9.99|€19.98|€4.99|Total incl. VAT|€24.97|of which VAT 20% on €16.65|€3.33", "excl."),
    ],
)
def test_a_gross_order_is_told_with_its_vat_contained(kind: MailKind, locale: str, told: str, untold: str) -> None:
    mail = render(a_letter(kind, a_gross_order(locale)), a_shop())

    for form in forms(mail):
        assert [fact for fact in told.split("|") if fact not in form] == []
        assert untold not in form.split()


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_forms_say_that_prices_are_with_tax(locale: str) -> None:
    plain, page = forms(render(a_letter(MailKind.ORDER_PLACED, a_gross_order(locale)), a_shop()))
    heading, column = {
        "fr": ("prix unitaires toutes taxes comprises", "Prix unitaire TTC"),
        "en": ("unit prices incl. VAT", "Unit price incl. VAT"),
    }[locale]

    assert heading in plain
    assert column in page


def test_a_gross_surcharge_is_told_as_it_is_charged() -> None:
    order = with_a_surcharge(a_gross_order())

    for form in forms(render(a_letter(MailKind.ORDER_PLACED, order), a_shop())):
        assert "4,90 €" in form
        assert "29,87 €" in form
        assert "dont TVA 20 % sur 19,92 €" in form


def test_what_is_shown_adds_up_to_what_is_due() -> None:
    letter = placement(with_a_surcharge(a_gross_order()))

    assert [letter.shown(line) for line in letter.order.lines] == [euros("19.98"), euros("4.99")]
    assert letter.due == euros("19.98") + euros("4.99") + euros("4.90")


@pytest.mark.parametrize("kind", [MailKind.PAYMENT_RECEIVED, MailKind.ORDER_CANCELLED])
def test_other_letters_name_the_same_total(kind: MailKind) -> None:
    for form in forms(render(a_letter(kind, a_gross_order()), a_shop())):
        assert "24,97 €" in form

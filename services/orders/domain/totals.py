"""What an order comes to: nets, VAT by rate, total (rules 3.3), whether its prices are without tax or with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.orders.domain.vat import Amounts, taxed
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.orders.orders import TaxLine
from shared.kernel.money import Money, UnitPrice
from shared.kernel.problems import FieldError, Malformed

NONE = NO_DISCOUNT = Decimal(0)
TOO_MUCH = Decimal(10) ** 14
"""An amount of money stays below this (shared.kernel.money)."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What decides a line's amounts; `discount` and `rate` are percents from 0 to 100."""

    unit_price: UnitPrice
    quantity: Decimal
    rate: Decimal
    discount: Decimal = NO_DISCOUNT


@dataclass(frozen=True, slots=True)
class Totals:
    """An order's amounts; `lines` stand in the order of the lines sold.

    `net` and `tax` are those of the lines and of the surcharge, which `surcharge_taxes` splits by VAT rate.
    """

    lines: list[Amounts]
    surcharge_taxes: list[TaxLine]
    net: Money
    tax: Money
    total: Money


def totals(
    sold: Sequence[Sold], currency: str, surcharge: Money | None = None, mode: PriceMode = PriceMode.NET
) -> Totals:
    """Add up an order: each line rounded once, VAT rounded once per rate and shared out without losing a cent.

    `mode`: whether prices and surcharge are without tax or with it. With it, the total is the sum of what is shown and
    the net is what is left without the tax. `surcharge`: a fee, in the same currency. It is taxed like shipping:
    allocated to the VAT rates by what their goods are shown to cost, each share added to its goods before the rounding
    (rules 3.2, 3.4). Raises Malformed as `check_size` does.
    """
    check_size(dict(enumerate(sold)), surcharge, mode)
    goods, rates = [line.unit_price.line(line.quantity, line.discount) for line in sold], [line.rate for line in sold]
    shares = _by_rate(surcharge, rates, goods) if surcharge else {}
    parts = _taxed([*rates, *shares], [*goods, *shares.values()], currency, mode)
    net, tax = (Money.sum((getattr(part, name) for part in parts), currency) for name in ("net", "tax"))
    return Totals(
        lines=parts[: len(sold)],
        surcharge_taxes=[
            TaxLine(rate=rate, net=part.net, tax=part.tax)
            for rate, part in zip(shares, parts[len(sold) :], strict=True)
        ],
        net=net,
        tax=tax,
        total=net + tax,
    )


def tax_lines(lines: Iterable[tuple[Decimal, Money, Money]], currency: str) -> list[TaxLine]:
    """Return the VAT of an order by rate, highest first, from (rate, net, tax) of its lines and its surcharge."""
    found: dict[Decimal, tuple[Money, Money]] = {}
    for rate, net, tax in lines:
        so_far = found.get(rate, (Money.zero(currency), Money.zero(currency)))
        found[rate] = (so_far[0] + net, so_far[1] + tax)
    return [TaxLine(rate=rate, net=net, tax=tax) for rate, (net, tax) in sorted(found.items(), reverse=True)]


def check_size(sold: Mapping[int, Sold], surcharge: Money | None = None, mode: PriceMode = PriceMode.NET) -> None:
    """Refuse lines that come to more than an amount can say, alone or all together; each by its place in the order.

    A surcharge counts with them, as if all of it bore their highest rate. Raises Malformed naming each such line, or
    the largest of lines that are too much together.
    """
    added = {place: line.rate if mode is PriceMode.NET else NONE for place, line in sold.items()}
    fee = surcharge.amount * (100 + max(added.values())) / 100 if surcharge else NONE
    amounts = {
        place: line.unit_price.amount * line.quantity * (100 - line.discount) * (100 + added[place]) / 10_000
        for place, line in sold.items()
    }
    # Rounding adds less than one to each.
    beyond = [place for place, amount in amounts.items() if amount + 1 >= TOO_MUCH]
    if not beyond and sum(amounts.values()) + fee + len(amounts) >= TOO_MUCH:
        beyond = [max(amounts, key=lambda place: amounts[place])]
    if beyond:
        message = "Order less of it, or at a lower price; an order stays below 10^14 in all."
        errors = [FieldError(f"/lines/{place}/quantity", "AMOUNT_TOO_LARGE", message) for place in beyond]
        raise Malformed("This order comes to more than can be written.", errors=errors)


def _taxed(rates: Sequence[Decimal], shown: Sequence[Money], currency: str, mode: PriceMode) -> list[Amounts]:
    found: dict[int, Amounts] = {}
    for rate in set(rates):
        places = [place for place, of_part in enumerate(rates) if of_part == rate]
        found |= zip(places, taxed([shown[place] for place in places], rate, currency, mode), strict=True)
    return [found[place] for place in range(len(shown))]


def _by_rate(surcharge: Money, rates: Sequence[Decimal], goods: Sequence[Money]) -> dict[Decimal, Money]:
    """Return what of a surcharge bears which VAT rate: shares by what the goods cost, of equal ones the first's more.

    Rates of which it bears nothing are left out.
    """
    costs: dict[Decimal, Decimal] = {}
    for rate, cost in zip(rates, goods, strict=True):
        costs[rate] = costs.get(rate, NONE) + cost.amount
    return {rate: share for rate, share in zip(costs, surcharge.allocate(list(costs.values())), strict=True) if share}

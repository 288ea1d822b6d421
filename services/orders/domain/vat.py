"""What bears one VAT rate: net and tax rounded once, shared out without losing a cent (rules 3.3, rounding)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.contracts.catalog.price_lists import PriceMode
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one line, or one share of a surcharge, comes to.

    Of prices without tax `tax` is its share of the VAT of its rate, for information; of prices with tax `net` is its
    share of what is left without it, and net and tax together are the price shown.
    """

    net: Money
    tax: Money


def taxed(shown: Sequence[Money], rate: Decimal, currency: str, mode: PriceMode) -> list[Amounts]:
    """Return amounts of one rate, as their prices are shown, with the VAT of all of them together.

    `rate`: percent, from 0 to 100. The answers stand in the order of the amounts.
    """
    split = _without_tax if mode is PriceMode.NET else _with_tax
    return split(shown, Money.sum(shown, currency), rate)


def _without_tax(nets: Sequence[Money], together: Money, rate: Decimal) -> list[Amounts]:
    shares = together.percent(rate).allocate([net.amount for net in nets])
    return [Amounts(net, tax) for net, tax in zip(nets, shares, strict=True)]


def _with_tax(grosses: Sequence[Money], together: Money, rate: Decimal) -> list[Amounts]:
    without = Money.rounded(together.amount * 100 / (100 + rate), together.currency)
    shares = without.allocate([gross.amount for gross in grosses])
    return [Amounts(net, gross - net) for net, gross in zip(shares, grosses, strict=True)]

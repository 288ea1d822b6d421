"""Money: exact amounts in one currency, and the prices of one unit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated, Any

# ISO 4217 minor units where they are not 2.
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
UNIT_PRICE_SCALE = 4
LIMIT = Decimal(10) ** 14
"""Every amount is below this, in major units: what NUMERIC(18,4) holds."""
WRITTEN = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met; nothing converts silently."""


def parsed(text: str) -> Decimal:
    """Return the number a text writes in plain digits. Raises ValueError for a text that is none."""
    if not WRITTEN.fullmatch(text):
        raise ValueError("write the amount in plain digits, such as 12.50")
    return Decimal(text)


class Written:
    """In JSON a string and nothing else: the number 99999999999999.99 would arrive as 99999999999999.98.

    Spoken in pydantic's protocol without importing it, so that every contract has the same amounts.
    """

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: Any) -> dict[str, Any]:
        parse = {"type": "no-info", "function": parsed}
        text = {"type": "function-after", "function": parse, "schema": {"type": "str"}}
        kinds = {"json_schema": text, "python_schema": handler(source)}
        return {"type": "json-or-python", **kinds, "serialization": {"type": "to-string", "when_used": "json"}}


Amount = Annotated[Decimal, Written()]


def exponent(currency: str) -> int:
    """Return how many decimals an amount of this ISO 4217 currency has (EUR 2, JPY 0, TND 3)."""
    return EXPONENTS.get(currency, 2)


@cache
def _quantum(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def _check(amount: Decimal, currency: str, decimals: int) -> None:
    if len(currency) != 3 or not (currency.isascii() and currency.isupper()):
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code such as EUR")
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise ValueError("the amount must be a number below 10^14")
    if amount != amount.quantize(_quantum(decimals)):
        raise ValueError(f"an amount in {currency} has at most {decimals} decimals; round it first")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount at its currency's exponent, in major units (`12.50` EUR is twelve euros fifty).

    Raises ValueError for more decimals than the currency has: rounding is an explicit act (`Money.rounded`).
    """

    amount: Amount
    currency: str

    def __post_init__(self) -> None:
        amount, decimals = Decimal(self.amount), exponent(self.currency)
        _check(amount, self.currency, decimals)
        # `+ 0` turns a negative zero into zero, so that equal money has one written form.
        object.__setattr__(self, "amount", amount.quantize(_quantum(decimals)) + 0)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return nothing, in a currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> "Money":
        """Return the amount rounded half up, away from zero on negatives (rules 3.0: 9.995 → 10.00)."""
        return cls(amount.quantize(_quantum(exponent(currency)), ROUND_HALF_UP), currency)

    @classmethod
    def sum(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """Add up amounts of one currency; the sum of none is zero."""
        total = cls.zero(currency)
        for amount in amounts:
            total += amount
        return total

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        return not other < self

    def __bool__(self) -> bool:
        return bool(self.amount)

    def percent(self, percent: Decimal) -> "Money":
        """Return `percent` (0 to 100) of this amount, rounded half up once."""
        return Money.rounded(self.amount * percent / 100, self.currency)

    def allocate(self, weights: Sequence[Decimal | int]) -> list["Money"]:
        """Split by weight without losing a cent: largest remainder, ties to the lowest index (rules 3.0).

        All-zero weights count as equal. Raises ValueError for no weights or a negative one.
        """
        if not weights or min(weights) < 0:
            raise ValueError("allocate needs at least one weight and no negative one")
        total = sum((Decimal(weight) for weight in weights), Decimal(0))
        shares: list[Decimal] = [Decimal(weight) if total else Decimal(1) for weight in weights]
        return self._largest_remainder(shares, total or Decimal(len(weights)))

    def _largest_remainder(self, weights: Sequence[Decimal], total: Decimal) -> list["Money"]:
        quantum = _quantum(exponent(self.currency))
        units = int(self.amount / quantum)
        sign = -1 if units < 0 else 1
        # Integer division of scaled weights: no digit of a third is ever lost to the decimal context.
        scale = Decimal(10) ** max(-int(weight.as_tuple().exponent) for weight in (*weights, total, Decimal(0)))
        whole = int(total * scale)
        divided = [divmod(abs(units) * int(weight * scale), whole) for weight in weights]
        parts = [part for part, _ in divided]
        by_remainder = sorted(range(len(parts)), key=lambda index: -divided[index][1])
        for index in by_remainder[: abs(units) - sum(parts)]:
            parts[index] += 1
        return [Money(sign * part * quantum, self.currency) for part in parts]

    def _same_currency(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"cannot combine {other.currency} with {self.currency}")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one unit costs, in major units; up to four decimals where the currency has fewer.

    Written with at least the currency's decimals and no zero beyond them, so that equal prices read alike.
    """

    amount: Amount
    currency: str

    def __post_init__(self) -> None:
        amount, decimals = Decimal(self.amount), exponent(self.currency)
        _check(amount, self.currency, max(decimals, UNIT_PRICE_SCALE))
        if amount < 0:
            raise ValueError("a unit price is not negative")
        written = max(decimals, -int(amount.normalize().as_tuple().exponent))
        object.__setattr__(self, "amount", amount.quantize(_quantum(written)) + 0)

    def line(self, quantity: Decimal, discount_percent: Decimal = Decimal(0)) -> Money:
        """Return a line's net: round(unit × quantity × (1 − discount)), rounded half up once (rules 3.3)."""
        return Money.rounded(self.amount * quantity * (100 - discount_percent) / 100, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

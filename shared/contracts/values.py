"""Values every contract writes the same way: percents, quantities, texts, pages."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    StringConstraints,
)

Item = TypeVar("Item")


class Contract(BaseModel):
    """A frozen value that crosses a service boundary. Unknown fields are ignored on the bus."""

    # What reads and writes a contract is built when one is first read or written: no process needs them all.
    model_config = ConfigDict(frozen=True, from_attributes=True, defer_build=True)


def plain(number: Decimal) -> Decimal:
    """Return the number without trailing zeros or exponent, so that equal numbers have one written form."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def as_number(quantity: Decimal) -> int | float:
    """Return a quantity as the JSON number it is written as."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


Percent = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=7, decimal_places=4),
    AfterValidator(plain),
    PlainSerializer(lambda percent: format(percent, "f"), return_type=str, when_used="json"),
]
"""0 to 100 with up to four decimals, written as a string: "8.875"."""

Uplift = Annotated[
    Decimal,
    Field(ge=0, le=10_000, max_digits=9, decimal_places=4),
    AfterValidator(plain),
    PlainSerializer(lambda percent: format(percent, "f"), return_type=str, when_used="json"),
]
"""A percent that may exceed 100, as a price increase may."""

Quantity = Annotated[
    Decimal,
    Field(gt=0, max_digits=14, decimal_places=3),
    AfterValidator(plain),
    PlainSerializer(as_number, return_type=int | float, when_used="json"),
]
"""How many units, more than none, at most three decimals; a JSON number."""

StockLevel = Annotated[
    Decimal,
    Field(max_digits=14, decimal_places=3),
    AfterValidator(plain),
    PlainSerializer(as_number, return_type=int | float, when_used="json"),
]
"""A quantity that may be zero or below, as stock figures may; a JSON number."""

Secret = Annotated[
    SecretStr, PlainSerializer(lambda secret: secret.get_secret_value(), return_type=str, when_used="json")
]
"""A password or token: hidden in repr and logs, revealed only in the JSON that carries it to its owner."""

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def _within_reach(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError("name a moment between the years 1970 and 9000")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_within_reach)]
"""A moment with its time zone, between the years 1970 and 9000, read as UTC."""

# Control characters forge mail headers and log lines, and PostgreSQL refuses NUL.
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=ONE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Sku = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=ONE_LINE)]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$",
    ),
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Locale = Annotated[str, StringConstraints(pattern=r"^(fr|en)$")]
PageSize = Annotated[int, Field(ge=1, le=100)]
Ordinal = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""A place in a numbering that begins with 1, as far as a database's bigint counts."""


class Page(Contract, Generic[Item]):
    """One page of a list sorted by (created_at, id), newest first; `next` is the cursor of the one after."""

    items: list[Item]
    next: str | None = None


class Done(Contract):
    """Nothing more to say than that it is done."""

    id: UUID | None = None

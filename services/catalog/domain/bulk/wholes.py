"""What holds of a product as a whole: options that tell its variants apart, and a size that can be shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from services.catalog.domain.bulk import goods
from services.catalog.domain.bulk.rows import Fault
from services.catalog.domain.options import Chosen, choice_errors
from services.catalog.domain.products import check_size, grown
from shared.contracts.catalog.products import Option, ProductInvalid, ProductStatus

MOST_OPTIONS, MOST_VALUES = 10, 100
BYTES_OF_A_PRICE = 150
"""A base price with what stands beside it takes about so many in a sheet."""

Fields = Mapping[str, Any]


def options_for(present: Sequence[Fields], variants: Iterable[Fields]) -> list[dict[str, Any]]:
    """Return the options a product needs for its variants. Raises Fault where these could not be told apart."""
    after = list(variants)
    options = goods.widened(present, (one["options"] for one in after))
    if len(options) > MOST_OPTIONS:
        message = f"The product would have {len(options)} options; it may have {MOST_OPTIONS}. Leave some out."
        raise Fault("TOO_MANY_OPTIONS", message, "options")
    if full := [one for one in options if len(one["values"]) > MOST_VALUES]:
        code, values = full[0]["code"], len(full[0]["values"])
        message = f"The option {code} would have {values} values; it may have {MOST_VALUES}. Take some away."
        raise Fault("TOO_MANY_VALUES", message, "options")
    chosen = [Chosen("", one["options"], ProductStatus(one["status"])) for one in after]
    for error in choice_errors([Option.model_validate(option) for option in options], chosen):
        raise Fault(error.code, error.message, "options")
    return options


def check_fits(product: Fields, variants: Sequence[Fields], prices: int) -> None:
    """Refuse a product that could not be shown at once. Raises Fault. `prices`: how many all its variants have."""
    translated = (texts.get("name") for texts in product["translations"].values())
    longer = grown(product["name"], translated, (one["name"] for one in variants))
    try:
        check_size(len(to_json([product, variants])) + longer + BYTES_OF_A_PRICE * prices)
    except ProductInvalid as refusal:
        raise Fault(refusal.errors[0].code, refusal.errors[0].message) from None

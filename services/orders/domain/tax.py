"""Which VAT rate a line bears (rules 3.3): at this depth the rate of the seller's country, whoever buys."""

from collections.abc import Mapping
from decimal import Decimal

from shared.contracts.catalog.products import TaxCategory
from shared.kernel.problems import Conflict

Rates = Mapping[TaxCategory, Decimal]
"""Percent by tax category, as in force at one moment in one country."""


def check_rates(rates: Rates, country: str) -> None:
    """Refuse to sell where no VAT rate is known, before anything is held."""
    missing = [category.value for category in TaxCategory if category not in rates]
    if missing:
        raise Conflict(
            f"No VAT rate is in force for {country}: {', '.join(missing)}. Set the seller's country, or add its rates.",
            country=country,
            categories=missing,
        )

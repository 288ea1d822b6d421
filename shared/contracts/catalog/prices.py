"""Prices: what a variant costs everyone, and what it costs a group."""

from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import ProductSheet
from shared.contracts.values import Currency, Sku
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Conflict, Malformed, NotFound


class GroupPriceView(Contract):
    """What a group pays for a variant."""

    id: UUID
    variant_id: UUID
    sku: Sku
    group_id: UUID
    unit_price: UnitPrice
    mode: PriceMode = PriceMode.NET
    version: int


class VariantNotFound(NotFound):
    """There is no such SKU that this customer may buy."""


class ProductNotAvailable(NotFound):
    """There is no such SKU on sale for this customer; take it off the order."""


class GroupPriceNotFound(NotFound):
    """This group has no price of its own for this SKU in this currency and mode; set one without If-Match."""


class PriceUnavailable(Conflict):
    """There is no price for this customer in this currency and price mode; the line cannot be ordered."""


class AgentPriceBound(Malformed):
    """The price is outside what this agent may set; details give the bounds."""


class PriceBelowFloor(Malformed):
    """The price is below the least that these goods may cost; errors say what that is."""


class UnitPriceTooFine(Malformed):
    """The price has more decimals than prices here; round it, sell a larger unit, or raise `unit_price_scale`."""


class SetBasePrice(
    Command[ProductSheet], subject="catalog.set_base_price.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Changes what a variant costs everyone, in the currency of the price and a mode; the version is its product's.

    An original price or a floor left out is taken away. Prices of the other mode stay what they are.
    """

    sku: Sku
    expected_version: int
    unit_price: UnitPrice
    original_price: UnitPrice | None = None
    floor: UnitPrice | None = None
    mode: PriceMode = Field(default=PriceMode.NET, description="Whether the amounts are without tax or with it.")


class SetGroupPrice(
    Command[GroupPriceView], subject="catalog.set_group_price.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Fixes what a customer group pays for a variant, in place of the base price.

    The first price in a currency and mode has no version to name; a change names the one it replaces. Setting the price
    that stands already changes nothing.
    """

    sku: Sku
    group_id: UUID
    expected_version: int | None = None
    unit_price: UnitPrice
    mode: PriceMode = Field(default=PriceMode.NET, description="Whether the price is without tax or with it.")


class GetGroupPrice(Query[GroupPriceView], subject="catalog.get_group_price.v1", allow={Permission.PRICES_WRITE}):
    """Returns a customer group's own price for a variant in a currency, with the version that a change names."""

    sku: Sku
    group_id: UUID
    currency: Currency = "EUR"
    mode: PriceMode = Field(default=PriceMode.NET, description="Whether the price is without tax or with it.")

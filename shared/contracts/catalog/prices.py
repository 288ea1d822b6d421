"""Prices: what a variant costs everyone, and what it costs a group."""

from uuid import UUID

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.products import ProductView
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
    version: int


class VariantNotFound(NotFound):
    """There is no such SKU that this customer may buy."""


class GroupPriceNotFound(NotFound):
    """This group has no price of its own for this SKU in this currency; set one without If-Match."""


class PriceUnavailable(Conflict):
    """There is no price for this customer in this currency; the line cannot be ordered."""


class AgentPriceBound(Malformed):
    """The price is outside what this agent may set; details give the bounds."""


class SetBasePrice(
    Command[ProductView], subject="catalog.set_base_price.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Changes what a variant costs everyone, in the currency of the price; the version is its product's."""

    sku: Sku
    expected_version: int
    unit_price: UnitPrice


class SetGroupPrice(
    Command[GroupPriceView], subject="catalog.set_group_price.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Fixes what a customer group pays for a variant, in place of the base price.

    The first price in a currency has no version to name; a change names the one it replaces. Setting the price that
    stands already changes nothing.
    """

    sku: Sku
    group_id: UUID
    expected_version: int | None = None
    unit_price: UnitPrice


class GetGroupPrice(Query[GroupPriceView], subject="catalog.get_group_price.v1", allow={Permission.PRICES_WRITE}):
    """Returns a customer group's own price for a variant in a currency, with the version that a change names."""

    sku: Sku
    group_id: UUID
    currency: Currency = "EUR"


class GroupPriceSnapshot(Contract):
    """Which group price changed."""

    id: UUID
    version: int
    variant_id: UUID
    group_id: UUID


class PriceListChanged(Event, subject="catalog.price_list_changed.v1", aggregate="price.id"):
    """A group pays another price for a variant. Names the price, never its amount: every service can hear this."""

    price: GroupPriceSnapshot

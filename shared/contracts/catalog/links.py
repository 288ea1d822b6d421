"""Links: products that lead to others, beside them, above them, or as their accessories."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Query
from shared.kernel.problems import Malformed


class LinkKind(StrEnum):
    """Why a product leads to another."""

    CROSS_SELL = "cross_sell"
    UP_SELL = "up_sell"
    ACCESSORY = "accessory"


class ProductLinks(Contract):
    """What a product leads to, each kind in its order; `id` and `version` are the product's."""

    id: UUID
    cross_sell: list[UUID] = Field(default_factory=list)
    up_sell: list[UUID] = Field(default_factory=list)
    accessory: list[UUID] = Field(default_factory=list)
    version: int


class LinkInvalid(Malformed):
    """These links cannot be; errors[] names each and why."""


class SetProductLinks(
    Command[ProductLinks], subject="catalog.set_product_links.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Lets a product lead to these and no others of a kind, in this order; the version is the product's."""

    id: UUID
    link_kind: LinkKind
    expected_version: int
    product_ids: list[UUID] = Field(max_length=100)


class GetProductLinks(Query[ProductLinks], subject="catalog.get_product_links.v1", allow={Permission.CATALOG_READ}):
    """Returns what a product leads to, for those who keep the catalogue: whether or not the shop shows it."""

    id: UUID

"""The shop's settings of its catalogue: how prices are weighed, who may look, who may buy."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.values import Code, Uplift
from shared.kernel.money import UNIT_PRICE_SCALE

THE_BOOK = UUID(int=0)
"""There is one book of rules, so its settings have one id."""

LowBand = Annotated[int, Field(ge=0, le=1_000_000)]
UnitPriceScale = Annotated[int, Field(ge=0, le=UNIT_PRICE_SCALE)]
OpenMarkets = Annotated[list[Code], Field(max_length=100)]


class PricePolicy(StrEnum):
    """Which price counts where several would: the most specific one, or the lowest (rules 3.1)."""

    MOST_SPECIFIC = "most_specific"
    LOWEST = "lowest"


class ShopVisibility(StrEnum):
    """What is seen of the goods that no rule names (rules 3.2)."""

    VISIBLE = "visible"
    HIDDEN = "hidden"


class CatalogSettings(Contract):
    """How the shop's catalogue works.

    `cap_at_public`: nobody pays more than everyone does. `min_margin_percent`: no automatic rule brings a price below
    cost and this margin. `login_only`: visitors see nothing but content. `catalogue_only`: nobody can order.
    `low_band`: up to how many pieces the stock is called low. `default_market`: the market of those who name none, or
    one that no price list and no promotion is for. `open_markets`: those that visitors and customers may name beside
    it; none are all of them. `price_mode`: whether those are told prices without tax or with it of whose groups none
    says so; nothing is converted, so goods without a price of that mode have none for them.
    `unit_price_scale`: how many decimals prices of one unit have, so that a screw may cost 0.0123; None, or fewer than
    the currency has, are those of the currency. Lines are rounded to the currency all the same. Where it is lowered,
    prices stay as they were entered and are rounded when shown.
    """

    id: UUID = THE_BOOK
    price_policy: PricePolicy = PricePolicy.MOST_SPECIFIC
    cap_at_public: bool = True
    min_margin_percent: Uplift | None = None
    shop_visibility: ShopVisibility = ShopVisibility.VISIBLE
    login_only: bool = False
    catalogue_only: bool = False
    low_band: LowBand = 5
    default_market: Code | None = None
    open_markets: OpenMarkets = Field(default_factory=list)
    price_mode: PriceMode = PriceMode.NET
    unit_price_scale: UnitPriceScale | None = None
    version: int = 1


class ChangeCatalogSettings(
    Command[CatalogSettings],
    subject="catalog.change_catalog_settings.v1",
    allow={Permission.PRICES_WRITE, Permission.CATALOG_WRITE},
    keyed=False,
):
    """Replaces the settings of the catalogue, from now on.

    What prices depend on needs `prices:write` to be changed, all else `catalog:write`.
    """

    expected_version: int
    price_policy: PricePolicy
    cap_at_public: bool
    min_margin_percent: Uplift | None
    shop_visibility: ShopVisibility
    login_only: bool
    catalogue_only: bool
    low_band: LowBand
    default_market: Code | None
    open_markets: OpenMarkets
    price_mode: PriceMode = PriceMode.NET
    unit_price_scale: UnitPriceScale | None = None


class GetCatalogSettings(
    Query[CatalogSettings], subject="catalog.get_catalog_settings.v1", allow={Permission.CATALOG_READ}
):
    """Returns the settings of the catalogue."""


class CatalogSettingsChanged(Event, subject="catalog.catalog_settings_changed.v1", aggregate="settings.id"):
    """The catalogue works otherwise than before."""

    settings: CatalogSettings

"""Who may change which settings of the catalogue."""

from collections.abc import Collection

from shared.contracts.actor import Actor, Permission
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.kernel.problems import Forbidden

OF_PRICES = frozenset(
    {
        "price_policy",
        "cap_at_public",
        "min_margin_percent",
        "default_market",
        "open_markets",
        "price_mode",
        "unit_price_scale",
    }
)
"""The settings that prices depend on."""


def check_may_change(actor: Actor, before: CatalogSettings, after: CatalogSettings) -> None:
    """Refuse settings that are changed by an actor without the permission for them. Raises Forbidden naming them."""
    old, new = before.model_dump(exclude={"version"}), after.model_dump(exclude={"version"})
    changed = {name for name in new if new[name] != old[name]}
    _check(actor, Permission.PRICES_WRITE, changed & OF_PRICES)
    _check(actor, Permission.CATALOG_WRITE, changed - OF_PRICES)


def _check(actor: Actor, needed: Permission, names: Collection[str]) -> None:
    if names and not actor.may(needed):
        listed = ", ".join(sorted(names))
        raise Forbidden(f"To change {listed} you need {needed}; send these settings as they stand.")

"""How the catalogue works: read, replaced by whoever has read it, each part with its own permission."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.catalog_settings import change_catalog_settings
from services.catalog.handlers.queries.catalog_settings import get_catalog_settings
from services.catalog.tests.dealing import rules_changed
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.actor import Actor, Permission
from shared.contracts.catalog.catalog_settings import (
    CatalogSettings,
    CatalogSettingsChanged,
    ChangeCatalogSettings,
    GetCatalogSettings,
    PricePolicy,
    ShopVisibility,
)
from shared.kernel.problems import Forbidden, PreconditionFailed
from shared.testing import staff

PRICER, EDITOR = staff(Permission.PRICES_WRITE), staff(Permission.CATALOG_WRITE)


def change(version: int = 1, **given: Any) -> ChangeCatalogSettings:
    kept = CatalogSettings().model_dump(exclude={"id", "version"})
    return ChangeCatalogSettings(expected_version=version, **kept | given)


async def read(shop: Shop) -> CatalogSettings:
    settings: CatalogSettings = await shop(get_catalog_settings, GetCatalogSettings(), KEEPER)
    return settings


async def test_a_new_shop_works_as_the_rules_say(shop: Shop) -> None:
    settings = await read(shop)

    assert settings == CatalogSettings()
    assert (settings.price_policy, settings.cap_at_public) == (PricePolicy.MOST_SPECIFIC, True)
    assert (settings.shop_visibility, settings.login_only) == (ShopVisibility.VISIBLE, False)


async def test_what_was_changed_is_read_again_and_told(shop: Shop) -> None:
    before = await rules_changed(shop)
    command = change(
        price_policy=PricePolicy.LOWEST, min_margin_percent=Decimal("12.50"), login_only=True, default_market="fr"
    )

    after = await shop(change_catalog_settings, command, KEEPER)

    assert (after.version, after.price_policy, after.min_margin_percent) == (2, PricePolicy.LOWEST, Decimal("12.5"))
    assert await read(shop) == after
    assert shop.emitted[-1] == CatalogSettingsChanged(settings=after)
    assert await rules_changed(shop) == before + 1


async def test_who_has_not_read_them_as_they_stand_changes_nothing(shop: Shop) -> None:
    await shop(change_catalog_settings, change(low_band=9), KEEPER)
    with pytest.raises(PreconditionFailed) as stale:
        await shop(change_catalog_settings, change(low_band=3), KEEPER)

    assert (stale.value.details, (await read(shop)).low_band) == ({"version": 2}, 9)


@pytest.mark.parametrize(
    ("actor", "given", "needed"),
    [
        (PRICER, {"cap_at_public": False}, None),
        (PRICER, {"login_only": True}, "login_only you need catalog:write"),
        (EDITOR, {"login_only": True, "catalogue_only": True, "low_band": 1}, None),
        (EDITOR, {"default_market": "fr"}, "default_market you need prices:write"),
        (EDITOR, {}, None),
    ],
)
async def test_each_part_has_a_permission_of_its_own(
    shop: Shop, actor: Actor, given: dict[str, Any], needed: str | None
) -> None:
    if needed is None:
        assert (await shop(change_catalog_settings, change(**given), actor)).version == 2
        return
    with pytest.raises(Forbidden, match=needed):
        await shop(change_catalog_settings, change(**given), actor)
    assert await read(shop) == CatalogSettings()

"""Imports are shown to those who may start one of their kind: what they found may be prices, costs and floors."""

from typing import Any

import pytest

from services.catalog.handlers.queries.imports import get_import, list_findings, list_imports
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.actor import Actor, Permission
from shared.contracts.catalog.bulk import GetImport, ImportKind, ListFindings, ListImports
from shared.kernel.problems import Forbidden
from shared.testing import staff

STOCKER, PRICER = staff(Permission.STOCK_WRITE), staff(Permission.PRICES_WRITE)
EDITOR = staff(Permission.CATALOG_WRITE)
ALL = set(ImportKind)


@pytest.mark.parametrize("actor", [STOCKER, PRICER, EDITOR])
async def test_costs_in_a_file_of_products_are_shown_to_no_other_keeper(shop: Shop, actor: Actor) -> None:
    await shop.sells("chair", "200.00")
    run = await Files(shop).read("products", ["sku,cost,floor,currency", "chair,11.20,15,EUR"], dry_run=True)

    asked: list[tuple[Any, Any]] = [(get_import, GetImport(id=run.id)), (list_findings, ListFindings(id=run.id))]
    for handler, query in asked:
        with pytest.raises(Forbidden, match="Your roles do not include"):
            await shop(handler, query, actor)
    assert len((await shop(list_findings, ListFindings(id=run.id), KEEPER)).items) > 0


@pytest.mark.parametrize(
    ("actor", "kinds"),
    [
        (STOCKER, {ImportKind.STOCK}),
        (PRICER, {ImportKind.PRICES}),
        (EDITOR, {ImportKind.CATEGORIES, ImportKind.QUANTITY_RULES}),
        (staff(Permission.CATALOG_WRITE, Permission.PRICES_WRITE), ALL - {ImportKind.STOCK}),
        (KEEPER, ALL),
    ],
)
async def test_only_imports_of_ones_own_kinds_are_listed(shop: Shop, actor: Actor, kinds: set[ImportKind]) -> None:
    files = Files(shop)
    for kind in ImportKind:
        await files.started(kind, "sku")

    async def listed(kind: ImportKind | None = None) -> set[ImportKind]:
        return {run.kind for run in (await shop(list_imports, ListImports(kind=kind), actor)).items}

    assert await listed() == kinds
    assert {kind for kind in ImportKind if await listed(kind)} == kinds

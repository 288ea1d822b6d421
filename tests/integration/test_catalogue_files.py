"""The catalogue in files, over HTTP: read in, killed meanwhile, written out, read in again."""

import os
from pathlib import Path
from typing import Any

import pytest

from courtier.client import Refused
from courtier.files import ended
from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.breaking import killed, restarted

ROWS = 6_000


async def started(admin: Any, file: Path, kind: str, **given: Any) -> dict[str, Any]:
    upload = await admin.send_file(file, str(new_id()))
    asked = {"upload_id": upload["id"], "kind": kind} | given
    run: dict[str, Any] = await admin.create("/v1/imports", str(new_id()), asked)
    return run


async def drifts_of_catalog(admin: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await admin.get("/v1/operations/catalog/drift"))["drifts"]
    return found


async def test_an_import_that_is_killed_goes_on_where_it_was(frail: Any, tmp_path: Path) -> None:
    admin, file = frail.people["admin"], tmp_path / "products.csv"
    rows = [f"FILE-{n:05},Name {n},{n % 90 + 1}.90" for n in range(ROWS)]
    file.write_text("\n".join(["sku,name,price", *rows]), encoding="utf-8")
    run = await started(admin, file, "products", on_error="skip_bad")

    async def begun() -> None:
        assert (await admin.get(f"/v1/imports/{run['id']}"))["done_rows"] > 0

    await eventually(begun)
    replicas = [name for name in frail.house.programs if name.partition("-")[0] == "catalog"]
    await killed(frail, *replicas)
    await restarted(frail, *replicas)

    run = await ended(admin, run)
    assert (run["state"], run["created_rows"], run["changed_rows"], run["unchanged_rows"]) == ("done", ROWS, 0, 0)
    assert [product async for product in admin.every("/v1/products", sku=f"FILE-{ROWS - 1:05}")]
    assert await drifts_of_catalog(admin) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_a_catalogue_is_written_out_and_read_in_again_unchanged(shop: Any, tmp_path: Path, ending: str) -> None:
    admin = shop.people["admin"]
    for kind in ("categories", "products", "prices", "stock"):
        file = tmp_path / f"{kind}.{ending}"
        await admin.download(f"/v1/exports/{kind}", file, format=ending)
        run = await ended(admin, await started(admin, file, kind))

        assert (run["state"], run["trouble"], run["failed_rows"]) == ("done", None, 0)
        assert run["unchanged_rows"] == run["total_rows"] > 0
    assert await drifts_of_catalog(admin) == []


async def test_only_those_who_keep_the_catalogue_read_files_in_or_out(shop: Any, tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("sku,on_hand\nX,1\n")
    for who in ("paul", "lucie", "visitor"):
        with pytest.raises(Refused):
            await shop.people[who].send_file(file, str(new_id()))
        with pytest.raises(Refused):
            await shop.people[who].download("/v1/exports/products", tmp_path / "products.csv")
    assert os.listdir(tmp_path) == ["stock.csv"]

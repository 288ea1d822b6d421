"""Uploads: parts in any order and twice, whole or refused, and nobody else's."""

import hashlib

import pytest

from services.catalog.handlers.commands.imports import start_import
from services.catalog.handlers.commands.uploads import add_part, complete_upload, start_upload
from services.catalog.handlers.queries.imports import get_import_columns
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.actor import Permission
from shared.contracts.catalog.bulk import ImportKind, StartImport
from shared.contracts.catalog.exports import GetImportColumns
from shared.contracts.catalog.uploads import (
    PART_BYTES,
    AddPart,
    CompleteUpload,
    StartUpload,
    UploadDamaged,
    UploadEmpty,
    UploadIncomplete,
    UploadInUse,
    UploadNotFound,
    UploadView,
)
from shared.kernel.problems import Forbidden
from shared.testing import staff

FIRST, LAST = b"a" * PART_BYTES, b"b"


def whole(upload: UploadView, data: bytes) -> CompleteUpload:
    return CompleteUpload(upload_id=upload.id, size=len(data), sha256=hashlib.sha256(data).hexdigest())


async def begun(shop: Shop, *parts: tuple[int, bytes]) -> UploadView:
    upload: UploadView = await shop(start_upload, StartUpload(name="prices.csv"), KEEPER)
    for position, data in parts:
        await shop(add_part, AddPart(upload_id=upload.id, position=position, data=data), KEEPER)
    return upload


async def test_parts_may_come_in_any_order_and_twice(shop: Shop) -> None:
    upload = await begun(shop, (1, LAST), (0, FIRST), (1, LAST), (1, b"another"))

    done = await shop(complete_upload, whole(upload, FIRST + LAST), KEEPER)
    again = await shop(complete_upload, whole(upload, FIRST + LAST), KEEPER)

    assert (done.complete, done.size, again) == (True, PART_BYTES + 1, done)


@pytest.mark.parametrize("parts", [((0, FIRST),), ((1, LAST),), ((0, LAST), (1, FIRST)), ((0, FIRST), (2, LAST))])
async def test_what_is_not_the_file_that_was_sent_is_refused(shop: Shop, parts: tuple[tuple[int, bytes], ...]) -> None:
    upload = await begun(shop, *parts)

    with pytest.raises(UploadDamaged):
        await shop(complete_upload, whole(upload, FIRST + LAST), KEEPER)


async def test_a_key_that_brought_one_file_brings_no_other(shop: Shop) -> None:
    upload = await begun(shop, (0, b"first"))
    await shop(complete_upload, whole(upload, b"first"), KEEPER)

    await shop(add_part, AddPart(upload_id=upload.id, position=0, data=b"other"), KEEPER)
    with pytest.raises(UploadDamaged):
        await shop(complete_upload, whole(upload, b"other"), KEEPER)


async def test_an_empty_file_is_refused(shop: Shop) -> None:
    with pytest.raises(UploadEmpty):
        await shop(complete_upload, whole(await begun(shop), b""), KEEPER)


async def test_anothers_upload_is_not_there(shop: Shop) -> None:
    other = staff(*KEEPER.permissions)
    upload = await begun(shop, (0, LAST))

    with pytest.raises(UploadNotFound):
        await shop(add_part, AddPart(upload_id=upload.id, position=1, data=LAST), other)
    with pytest.raises(UploadNotFound):
        await shop(complete_upload, whole(upload, LAST), other)
    with pytest.raises(UploadNotFound):
        await shop(start_import, StartImport(upload_id=upload.id, kind=ImportKind.STOCK), other)


async def test_only_a_whole_file_is_imported_and_by_one_import_at_a_time(shop: Shop) -> None:
    upload = await begun(shop, (0, LAST))
    asked = StartImport(upload_id=upload.id, kind=ImportKind.STOCK)

    with pytest.raises(UploadIncomplete):
        await shop(start_import, asked, KEEPER)
    await shop(complete_upload, whole(upload, LAST), KEEPER)
    first = await shop(start_import, asked, KEEPER, request_key="k")
    again = await shop(start_import, asked, KEEPER, request_key="k")
    with pytest.raises(UploadInUse):
        await shop(start_import, asked, KEEPER)

    assert again == first


@pytest.mark.parametrize(
    ("kind", "permission"),
    [
        ("products", Permission.CATALOG_WRITE),
        ("products", Permission.PRICES_WRITE),
        ("prices", Permission.CATALOG_WRITE),
        ("stock", Permission.PRICES_WRITE),
        ("categories", Permission.STOCK_WRITE),
    ],
)
async def test_a_kind_of_file_needs_its_own_permission(shop: Shop, kind: str, permission: Permission) -> None:
    upload_id = await Files(shop).uploaded(b"x", staff(permission))

    with pytest.raises(Forbidden):
        await shop(start_import, StartImport(upload_id=upload_id, kind=ImportKind(kind)), staff(permission))


@pytest.mark.parametrize("kind", list(ImportKind))
async def test_every_column_is_explained(shop: Shop, kind: ImportKind) -> None:
    columns = (await shop(get_import_columns, GetImportColumns(kind=kind))).columns

    assert all(column.meaning.endswith(".") for column in columns)
    assert any(column.required for column in columns) or kind in (ImportKind.PRICES, ImportKind.QUANTITY_RULES)

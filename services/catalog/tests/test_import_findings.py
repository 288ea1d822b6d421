"""What is said of a row that can be read and does not fit the catalogue."""

import pytest

from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


@pytest.mark.parametrize(
    ("kind", "row", "column", "value"),
    [
        ("prices", "sku,price\nNOPE,1", "sku", "NOPE"),
        ("products", "sku,name,price,categories\nA,Axe,10,tools|wood", "categories", "tools|wood"),
        ("products", "sku,name,price,floor\nA,Axe,10,12.50", "floor", "12.5"),
        ("categories", "code,name,parent\ntools,Tools,tools", "parent", "tools"),
        ("stock", "sku,on_hand\nNOPE,1", "sku", "NOPE"),
        ("quantity_rules", "sku,min_qty\nNOPE,6", "sku", "NOPE"),
    ],
)
async def test_what_does_not_fit_the_catalogue_is_shown_with_its_value(
    files: Files, kind: str, row: str, column: str, value: str
) -> None:
    run = await files.read(kind, row)

    (finding,) = await files.findings(run.id, outcome="error")
    assert (finding.column, finding.value) == (column, value)

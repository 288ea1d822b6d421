"""Quantity rules by file: for whom, about what, and never so that nothing could be ordered."""

from decimal import Decimal
from uuid import UUID

import pytest

from services.catalog.handlers.queries.quantity_rules import list_quantity_rules
from services.catalog.handlers.recording import files as recording
from services.catalog.tests.dealing import rules_changed
from services.catalog.tests.importing import Files, as_csv
from services.catalog.tests.samples import KEEPER, Shop, a_group
from services.catalog.tests.test_imports import categories
from shared.contracts.catalog.bulk import ImportKind, ImportState
from shared.contracts.catalog.rules import BuyerScope, ListQuantityRules, QuantityRuleView
from shared.kernel.ids import new_id

HEADER = "sku,product,category,customer,group,min_qty,max_qty,multiple,period_qty,period_days,basis,action"


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


async def rules_of(shop: Shop) -> list[QuantityRuleView]:
    """Return all rules, the first made first."""
    page = await shop(list_quantity_rules, ListQuantityRules(limit=100), KEEPER)
    found: list[QuantityRuleView] = page.items
    return found[::-1]


async def test_rules_of_every_scope_come_by_file_and_go_out_again(shop: Shop, files: Files) -> None:
    resellers, someone = a_group(), new_id()
    await shop.knows(resellers)
    await categories(shop)
    chair = await shop.sells("chair")
    lines = [
        "chair,,,,,6,60,6,,,,",
        f",chair,,{someone},,,,,10,30,product,",
        ",,coffee,,resellers,12,,,,,,",
        ",,,,,1,,,,,,",
    ]
    before = await rules_changed(shop)
    run = await files.read("quantity_rules", [HEADER, *lines])

    assert (run.state, run.created_rows, await files.faults(run)) == (ImportState.DONE, 4, [])
    assert await rules_changed(shop) == before + 1
    pack, period, of_group, of_all = sorted(await rules_of(shop), key=lambda rule: str(rule.scope), reverse=True)
    assert (pack.min_qty, pack.max_qty, pack.multiple, pack.buyer_id) == (Decimal(6), Decimal(60), Decimal(6), None)
    assert (period.buyer_id, period.target_id, period.period_days, period.basis) == (someone, chair.id, 30, "product")
    assert (of_group.buyer_scope, of_group.buyer_id) == (BuyerScope.GROUP, resellers.id)
    assert (of_all.target_id, of_all.buyer_scope, of_all.min_qty) == (None, BuyerScope.EVERYONE, Decimal(1))
    exported = await files.exported("quantity_rules", limit=3)
    again = await files.read("quantity_rules", as_csv(exported))
    assert (len(exported), again.unchanged_rows, await files.faults(again)) == (4, 4, [])


async def test_a_column_that_is_not_there_leaves_its_limit_alone_and_an_empty_cell_unsays_it(
    shop: Shop, files: Files
) -> None:
    await shop.sells("chair")
    await files.read("quantity_rules", [HEADER, "chair,,,,,6,60,6,,,,"])
    run = await files.read("quantity_rules", ["sku,max_qty,multiple", "chair,,12"], dry_run=True)

    said = [(one.column, one.old, one.value) for one in await files.findings(run.id)]
    assert said == [("max_qty", "60", ""), ("multiple", "6", "12")]
    await files.read("quantity_rules", ["sku,max_qty,multiple", "chair,,12"])
    (rule,) = await rules_of(shop)
    assert (rule.min_qty, rule.max_qty, rule.multiple, rule.version) == (Decimal(6), None, Decimal(12), 2)


async def test_a_rule_is_deleted_once_and_its_deletion_may_be_read_again(shop: Shop, files: Files) -> None:
    await shop.sells("chair")
    await files.read("quantity_rules", [HEADER, "chair,,,,,6,,,,,,"])
    deleting = [HEADER, "chair,,,,,,,,,,,delete"]
    told = await files.read("quantity_rules", deleting, dry_run=True)

    assert [(one.outcome, one.column, one.old) for one in await files.findings(told.id)] == [
        ("deleted", "min_qty", "6"),
        ("deleted", "basis", "variant"),
    ]
    assert len(await rules_of(shop)) == 1
    runs = [await files.read("quantity_rules", deleting) for _ in range(2)]
    assert [(run.changed_rows, run.unchanged_rows, run.failed_rows) for run in runs] == [(1, 0, 0), (0, 1, 0)]
    assert await rules_of(shop) == []


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("x,,,,,6,,,,,,", "sku", "VARIANT_NOT_FOUND"),
        ("x,,,,,,,,,,,delete", "sku", "VARIANT_NOT_FOUND"),
        ("chair,chair,,,,6,,,,,,", "product", "TARGET_TWICE"),
        (f"chair,,,{UUID(int=7)},resellers,6,,,,,,", "group", "BUYER_TWICE"),
        ("chair,,,,nobody,6,,,,,,", "group", "GROUP_NOT_FOUND"),
        ("chair,,,me,,6,,,,,,", "customer", "FORM_INVALID"),
        ("chair,,,,,-6,,,,,,", "min_qty", "NEGATIVE"),
        ("chair,,,,,6,,,,30,,", "period_qty", "PERIOD_NOT_WHOLE"),
        ("chair,,,,,6,,,,,product,", "basis", "BASIS_NOT_FITTING"),
        ("chair,,,,,,,,,,,", None, "RULE_EMPTY"),
        ("chair,,,,,50,40,,,,,", None, "QTY_RULE_IMPOSSIBLE"),
        ("chair,,,,,5,11,12,,,,", None, "QTY_RULE_IMPOSSIBLE"),
        ("chair,,,,,6,,,,,,remove", "action", "CHOICE_UNKNOWN"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_named(
    shop: Shop, files: Files, row: str, column: str | None, code: str
) -> None:
    await shop.sells("chair")
    run = await files.read("quantity_rules", [HEADER, row], on_error="skip_bad")

    assert await files.faults(run) == [(2, column, code)]
    assert all(finding.message for finding in await files.findings(run.id))
    assert await rules_of(shop) == []


async def test_rows_are_judged_with_those_before_and_with_what_stands(
    shop: Shop, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(recording.AT_ONCE, ImportKind.QUANTITY_RULES, 2)
    await shop.sells("chair")
    await shop.sells("lamp")
    rows = ["chair,,,,,,40,,,,,", ",chair,,,,50,,,,,,", ",lamp,,,,50,,,,,,", "lamp,,,,,,40,,,,,", "lamp,,,,,,60,,,,,"]
    run = await files.read("quantity_rules", [HEADER, *rows[:4]], on_error="skip_bad")

    assert await files.faults(run) == [(3, None, "QTY_RULE_IMPOSSIBLE"), (5, None, "QTY_RULE_IMPOSSIBLE")]
    assert run.created_rows == 2
    mended = await files.read("quantity_rules", [HEADER, rows[4]])
    assert (mended.state, mended.created_rows) == (ImportState.DONE, 1)
    lifted = await files.read("quantity_rules", [HEADER, "chair,,,,,,40,,,,,", "chair,,,,,,,,,,,delete"])
    assert await files.faults(lifted) == [(3, None, "DUPLICATE_ROW")]


async def test_as_many_statements_for_many_rules_as_for_one(shop: Shop, files: Files, statements: list[str]) -> None:
    for number in range(12):
        await shop.sells(f"S{number}")
    counts = []
    for numbers in (range(1), range(1, 12)):
        run = await files.started("quantity_rules", ["sku,min_qty", *(f"S{n},6" for n in numbers)], on_error="skip_bad")
        statements.clear()
        while files.scheduled:
            await files.step()
        counts.append(len(statements))
        assert (await files.seen(run.id)).created_rows == len(numbers)
    assert counts[0] == counts[1]

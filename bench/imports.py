"""`python -m bench.imports`: a catalogue read in by file, against bare upserts and a bare COPY of its rows (G7)."""

import asyncio
import csv
import json
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from bench import machine
from courtier.client import Api
from courtier.files import ended
from devstack import demo, logins
from devstack.house import House

SMALL, LARGE = 2_000, 100_000
Fact = tuple[str, str, str, str, str, str]
TABLES = ("floor_products", "floor_variants", "floor_prices")
LOOK_SECONDS, ASK_SECONDS = 0.05, 0.1
UNLIMITED = {"COURTIER_READS_PER_MINUTE": "0", "COURTIER_WRITES_PER_MINUTE": "0"}
AT_ONCE = 1_000
COLUMNS = ("sku", "name", "description", "price", "weight", "barcode")
LAY = """
    CREATE TABLE floor_products (id int PRIMARY KEY, sku text UNIQUE, name text, description text);
    CREATE TABLE floor_variants (id int PRIMARY KEY, sku text UNIQUE, weight int, barcode text);
    CREATE TABLE floor_prices (id int PRIMARY KEY, amount numeric(18, 4));
"""
UPSERTS = (
    """
    INSERT INTO floor_products SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])
    ON CONFLICT (id) DO UPDATE SET sku = excluded.sku, name = excluded.name, description = excluded.description
    """,
    """
    INSERT INTO floor_variants SELECT * FROM unnest($1::int[], $2::text[], $3::int[], $4::text[])
    ON CONFLICT (id) DO UPDATE SET sku = excluded.sku, weight = excluded.weight, barcode = excluded.barcode
    """,
    """
    INSERT INTO floor_prices SELECT * FROM unnest($1::int[], $2::numeric[])
    ON CONFLICT (id) DO UPDATE SET amount = excluded.amount
    """,
)
app = typer.Typer(pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Figures:
    """One run. Rates in rows of the file per second; memory is the most catalog held at a moment, in MiB."""

    rows: int
    copied: float
    upserted: float
    created: float
    unchanged: float
    checked: float
    memory: float
    memory_of_few: float

    @property
    def share(self) -> float:
        """Return the rate of the import over that of bare upserts, of three rows for each of the file."""
        return self.created / self.upserted

    @property
    def share_of_copy(self) -> float:
        """Return the rate of the import over that of COPY."""
        return self.created / self.copied

    @property
    def growth(self) -> float:
        """Return the memory of the large import over that of a small one."""
        return self.memory / self.memory_of_few


class Peak:
    """The most memory that a process and all below it held, looked at all the time."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.mib = 0.0

    async def __aenter__(self) -> "Peak":
        self._looking = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            self.mib = max(self.mib, machine.rss(self._pid))
            await asyncio.sleep(LOOK_SECONDS)


@app.command()
def main(
    rows: Annotated[int, typer.Option(min=SMALL, help="Rows of the large file.")] = LARGE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Measure an import in a house of its own, gone at the end."""
    found = asyncio.run(measured(rows))
    if as_json:
        ratios = {name: getattr(found, name) for name in ("share", "share_of_copy", "growth")}
        typer.echo(json.dumps(asdict(found) | ratios))
    else:
        Console().print(_table(found))


async def measured(rows: int) -> Figures:
    """Return the figures of a file of so many rows."""
    with tempfile.TemporaryDirectory(prefix="courtier-bench-") as folder:
        async with House.temporary(environment=UNLIMITED) as house:
            logins.begin(house.data_dir)
            admin, *_ = await demo.load(house.urls["gateway"], house.secrets.get("bootstrap"))
            async with Api(house.urls["gateway"]) as api:
                await api.sign_in(admin.email, admin.password)
                return await _figures(api, house, Path(folder), rows)


async def _figures(api: Api, house: House, folder: Path, rows: int) -> Figures:
    few, many = (_file(folder, count) for count in (SMALL, rows))
    catalog = house.programs["catalog"].process.pid
    await _read(api, few, SMALL, dry_run=True)  # so that everything is loaded that an import needs
    async with Peak(catalog) as small:
        await _read(api, few, SMALL)
    copied, upserted = await _copied(house, rows), await _upserted(house, rows)
    async with Peak(catalog) as large:
        created = await _read(api, many, rows)
    unchanged = await _read(api, many, rows)
    checked = await _read(api, many, rows, dry_run=True)
    return Figures(rows, copied, upserted, created, unchanged, checked, large.mib, small.mib)


async def _read(api: Api, file: Path, rows: int, *, dry_run: bool = False) -> float:
    """Return how many rows per second went in, from the upload's first byte to the end of the import."""
    key, began = secrets.token_hex(8), time.monotonic()
    upload = await api.send_file(file, key)
    asked = {"upload_id": upload["id"], "kind": "products", "dry_run": dry_run, "on_error": "skip_bad"}
    one = await ended(api, await api.create("/v1/imports", key, asked), look_seconds=ASK_SECONDS)
    took = time.monotonic() - began
    if one["state"] not in ("done", "checked") or one["failed_rows"]:
        raise RuntimeError(f"The import {one['state']}: {one['trouble']}, {one['failed_rows']} rows in error")
    return rows / took


async def _copied(house: House, rows: int) -> float:
    """Return how many rows of the file per second COPY takes into three bare tables, their keys kept."""
    async with _bare(house) as connection:
        began = time.monotonic()
        async with connection.transaction():
            for table, records in zip(TABLES, _records(list(enumerate(_facts(rows)))), strict=True):
                await connection.copy_records_to_table(table, records=records)
        return rows / (time.monotonic() - began)


async def _upserted(house: House, rows: int) -> float:
    """Return how many rows of the file per second are upserted into three bare tables, a thousand at once."""
    async with _bare(house) as connection:
        began, facts = time.monotonic(), enumerate(_facts(rows))
        while some := list(islice(facts, AT_ONCE)):
            async with connection.transaction():
                for upsert, records in zip(UPSERTS, _records(some), strict=True):
                    await connection.execute(upsert, *map(list, zip(*records, strict=True)))
        return rows / (time.monotonic() - began)


@asynccontextmanager
async def _bare(house: House) -> AsyncIterator[Any]:
    """Yield a connection to three empty tables, which are gone at the end."""
    connection = await asyncpg.connect(house.postgres.url(driver="postgresql"))
    try:
        await connection.execute(LAY)
        yield connection
        await connection.execute(f"DROP TABLE {', '.join(TABLES)}")
    finally:
        await connection.close()


def _records(facts: list[tuple[int, Fact]]) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the rows of three tables that rows of the file become."""
    products = [(n, one[0], one[1], one[2]) for n, one in facts]
    variants = [(n, one[0], int(one[4]), one[5]) for n, one in facts]
    return products, variants, [(n, one[3]) for n, one in facts]


def _file(folder: Path, rows: int) -> Path:
    file = folder / f"{rows}.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows(_facts(rows))
    return file


def _facts(rows: int) -> Iterator[Fact]:
    for n in range(rows):
        text = f"Product number {n}, made of oak and steel, in a box of {n % 12 + 1}."
        yield f"BULK-{n:06}", f"Produit numéro {n}", text, f"{n % 900 + 1}.90", str(n % 5000 + 1), f"376{n:010}"


def _table(found: Figures) -> Table:
    table = Table("what", "figure", "must", "goal", title=f"An import of {found.rows} rows")
    table.add_row("COPY into three bare tables", f"{found.copied:,.0f} rows/s", "", "")
    table.add_row("created", f"{found.created:,.0f} rows/s", "", "")
    table.add_row("created, over COPY", f"{found.share_of_copy:.3f} ×", "", "")
    table.add_row(f"upserts into three bare tables, by {AT_ONCE}", f"{found.upserted:,.0f} rows/s", "", "")
    table.add_row("created, over those upserts", f"{found.share:.3f} ×", "0.05 ×", "0.15 ×")
    table.add_row("unchanged, over created", f"{found.unchanged / found.created:.1f} ×", "2 ×", "")
    table.add_row("dry run, over created", f"{found.checked / found.created:.1f} ×", "", "")
    table.add_row("most memory of catalog", f"{found.memory:.0f} MiB", "", "")
    table.add_row(f"the same, over {SMALL} rows", f"{found.growth:.2f} ×", "1.5 ×", "")
    return table


if __name__ == "__main__":
    app()

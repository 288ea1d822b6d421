"""The catalogue in files: `courtier import` reads one in, `courtier export` writes one out."""

import asyncio
import secrets
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from courtier import show
from courtier.calling import GATEWAY, Email, Json, Password, Url, console, printed, run
from courtier.client import Api
from shared.contracts.catalog.bulk import ImportKind, ImportState
from shared.contracts.catalog.exports import FileFormat

SHOWN = 50
LOOK_SECONDS = 0.5
ENDED = {ImportState.CHECKED, ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED}
Kind = Annotated[ImportKind, typer.Option(help="What the file is about.")]
List = Annotated[str, typer.Option("--list", help="The code of a price list; left out, base prices.")]
Currency = Annotated[str, typer.Option(help="Of amounts in rows that name no currency.")]


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV or XLSX file.")],
    kind: Kind,
    email: Email,
    password: Password,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out rows in error, not the whole file.")] = False,
    price_list: List = "",
    warehouse: Annotated[str, typer.Option(help="Of rows of stock that name none.")] = "",
    currency: Currency = "EUR",
    wait: Annotated[bool, typer.Option(help="Wait for the end, and show what was found.")] = True,
    url: Url = GATEWAY,
    as_json: Json = False,
) -> None:
    """Read a file into the catalogue. Ends with 1 where a row is in error."""
    options = {"currency": currency, "price_list": price_list or None, "warehouse": warehouse or None}
    on_error = "skip_bad" if skip_bad else "all_or_nothing"
    asked = {"kind": kind.value, "dry_run": dry_run, "on_error": on_error, "options": options}
    found = run(url, email, password, lambda api: _import(api, file, asked, wait=wait, quiet=as_json))
    printed(found, as_json, show.imported)
    one = found["import"]
    raise typer.Exit(1 if one["state"] == ImportState.FAILED or one["failed_rows"] else 0)


def export_file(
    kind: Annotated[ImportKind, typer.Argument(help="What the file is to be about.")],
    output: Annotated[Path, typer.Option(help="Where to write it; .xlsx makes a workbook, all else CSV.")],
    email: Email,
    password: Password,
    price_list: List = "",
    currency: Currency = "EUR",
    url: Url = GATEWAY,
    as_json: Json = False,
) -> None:
    """Write a part of the catalogue into a file that an import reads again."""
    form = FileFormat.XLSX if output.suffix.lower() == ".xlsx" else FileFormat.CSV
    query = {"format": form.value, "currency": currency} | ({"price_list": price_list} if price_list else {})
    size = run(url, email, password, lambda api: api.download(f"/v1/exports/{kind.value}", output, **query))
    printed({"file": str(output), "bytes": size}, as_json, lambda said: f"{said['bytes']} bytes are in {said['file']}.")


async def _import(api: Api, file: Path, asked: dict[str, Any], *, wait: bool, quiet: bool) -> dict[str, Any]:
    key = secrets.token_hex(16)
    upload = await api.send_file(file, key)
    one = await api.create("/v1/imports", key, asked | {"upload_id": upload["id"]})
    if not wait:
        return {"import": one, "findings": [], "more": False}
    one = await ended(api, one, quiet=quiet)
    page = await api.get(f"/v1/imports/{one['id']}/findings", limit=str(SHOWN))
    return {"import": one, "findings": page["items"], "more": page["next"] is not None}


async def ended(
    api: Api, one: dict[str, Any], *, quiet: bool = True, look_seconds: float = LOOK_SECONDS
) -> dict[str, Any]:
    """Return an import once it has come to its end; meanwhile a bar shows how far it is, unless `quiet`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=quiet, transient=True) as bar:
        task = bar.add_task(one["state"], total=None)
        while one["state"] not in ENDED:
            await asyncio.sleep(look_seconds)
            one = await api.get(f"/v1/imports/{one['id']}")
            bar.update(task, description=one["state"], total=one["total_rows"], completed=one["done_rows"])
    return one

"""`python -m examples.northwind FOLDER`: replays Northwind against a running gateway and compares every cent."""

import asyncio
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from courtier.client import Api, Refused
from examples.northwind import replay, report
from examples.northwind.data import FolderIncomplete, Northwind, read
from examples.northwind.expectation import expect
from examples.northwind.shop import discontinue, set_up

console = Console()


def main(
    folder: Annotated[Path, typer.Argument(help="The folder of Northwind's CSV files.")],
    email: Annotated[str, typer.Option(envvar="COURTIER_EMAIL", help="An admin's address.")],
    password: Annotated[str, typer.Option(envvar="COURTIER_PASSWORD", help="And password.")],
    url: Annotated[str, typer.Option(envvar="COURTIER_URL", help="The gateway.")] = "http://127.0.0.1:8080",
) -> None:
    """Sell Northwind's 830 orders again and compare every cent of turnover and commission."""
    try:
        drift = asyncio.run(run(read(folder), url, email, password))
    except (FolderIncomplete, Refused) as refusal:
        raise typer.Exit(_say(str(refusal))) from None
    except httpx.TransportError:
        raise typer.Exit(_say(f"Nothing answers at {url}; start the house with `make up` first.")) from None
    console.print(f"Drift: [bold {'green' if not drift else 'red'}]{drift:.2f}[/]")
    raise typer.Exit(1 if drift else 0)


async def run(data: Northwind, url: str, email: str, password: str) -> Decimal:
    """Replay everything once; return the drift."""
    name = secrets.token_hex(3)
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    async with Api(url) as admin:
        await admin.sign_in(email, password)
        with console.status("Setting the shop up: team, catalogue, customers, stock"):
            shop = await set_up(admin, data, name)
        emails = {one.id: one.email.replace("@", f"+{name}@") for one in data.employees.values()}
        with bar:
            task = bar.add_task("Placing orders", total=len(data.orders))
            accepted = await replay.place_all(url, data, shop, name, emails, lambda: bar.advance(task))
        expected = expect(data)
        with console.status("Waiting for the last commission"):
            found = await report.booked(admin, shop, expected)
        gone = await discontinue(admin, data, name)
    table, drift = report.table(data, expected, found, accepted)
    console.print(table, f"{gone} products discontinued; past orders keep them.")
    return drift


def _say(sentence: str) -> int:
    console.print(f"[red]{sentence}[/]")
    return 2


if __name__ == "__main__":
    typer.run(main)

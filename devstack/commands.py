"""The commands behind `make up`, `make status` and `make reset`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devstack import display, running, wiping
from devstack.failing import Failed
from devstack.services import ROOT
from devstack.waiting import http_status, listens

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
console = Console(soft_wrap=True)
DataDir = Annotated[Path, typer.Option("--data", help="Folder of everything the house keeps.")]


@app.command()
def up(data: DataDir = ROOT / ".data") -> None:
    """Start the whole house and keep it running until Ctrl-C."""
    from devstack import up as whole  # the other commands answer without these imports
    from devstack.demo import load
    from devstack.house import House

    asyncio.run(whole.up(House(data, usual_ports=True, supervised=True), console, load))


@app.command()
def status(data: DataDir = ROOT / ".data") -> None:
    """Say what runs where and how it is."""
    found = running.read(data)
    if found is None:
        raise Failed("Nothing runs here. `make up` starts it.")
    if not found.ports:
        raise Failed("It is starting. Ask again in a moment.")
    console.print(display.addresses(found.ports, found.services, asyncio.run(_states(found))))


@app.command()
def reset(data: DataDir = ROOT / ".data") -> None:
    """Delete the data: databases, streams, mail, passwords, logs."""
    found = running.read(data)
    if found is not None:
        raise Failed(f"It runs, as process {found.pid}. Stop it with Ctrl-C where it runs, then `make reset` again.")
    folders = wiping.kept(data)
    for folder in folders:
        console.print(f"Deleting {folder}", markup=False, highlight=False)
    if folders:
        wiping.wipe(data)
    console.print("All data is gone; `make up` begins anew." if folders else "There is no data to delete.")


async def _states(found: running.Running) -> dict[str, str]:
    paths = {name: (found.ports[name], "/readyz") for name in [*found.services, "mailbox"]}
    paths["nats"] = (found.ports["nats monitor"], "/healthz")
    answers = await asyncio.gather(*(http_status(port, path) for port, path in paths.values()))
    words = {200: "ready", None: "does not answer"}
    states = {name: words.get(answer, "not ready") for name, answer in zip(paths, answers, strict=True)}
    return states | {"postgres": words[200 if await listens(found.ports["postgres"]) else None]}

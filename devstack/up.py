"""`make up`: the house from start to Ctrl-C, shown to people."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console

from devstack import display, logins, running, wiping
from devstack.failing import Failed, written_down
from devstack.house import House
from devstack.logins import DemoLogin
from devstack.news import News

LoadDemo = Callable[[str, str], Awaitable[list[DemoLogin]]]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130


async def up(house: House, console: Console, load_demo: LoadDemo) -> None:
    """Start the house, say what runs where, and keep it up until a signal asks to stop; a second one kills."""
    work = asyncio.create_task(_live(house, console, load_demo))
    asked = _stop_on_signal(work, house, console)
    try:
        await work
    except asyncio.CancelledError:
        if not asked.is_set():
            raise
    finally:
        await house.stop()
    console.print("Stopped. The data is kept; `make up` goes on with it.")


def _stop_on_signal(work: "asyncio.Task[None]", house: House, console: Console) -> asyncio.Event:
    asked = asyncio.Event()

    def stop() -> None:
        if asked.is_set():
            house.abandon()
            os._exit(INTERRUPTED)
        asked.set()
        console.print("\nStopping, once more to kill …")
        work.cancel()

    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return asked


async def _live(house: House, console: Console, load_demo: LoadDemo) -> None:
    with display.Steps(console) as steps:
        house.tell = steps.tell
        _begin_anew_if_half_loaded(house)
        await house.start()
        accounts = await _demo(house, load_demo)
    house.tell = lambda news: console.print(f"  {news.text}", style="yellow", markup=False)
    console.print(display.addresses(house.ports, house.layout.names), display.accounts(accounts), sep="\n")
    console.print(f"Logs are in {_short(house.logs)}. Ctrl-C stops everything.", markup=False, highlight=False)
    await asyncio.Event().wait()


def _begin_anew_if_half_loaded(house: House) -> None:
    """Delete the data of a first start that was stopped while it loaded the demo: nobody has used that shop yet."""
    if logins.interrupted(house.data_dir) and running.read(house.data_dir) is None:
        house.tell(News("demo data", "remark", "The demo data was loaded in part only; beginning anew."))
        wiping.wipe(house.data_dir)


async def _demo(house: House, load_demo: LoadDemo) -> list[DemoLogin]:
    accounts = logins.remembered(house.data_dir)
    if accounts is None:
        house.tell(News("demo data", "begun"))
        logins.begin(house.data_dir)
        try:
            accounts = await load_demo(house.urls["gateway"], house.secrets.get("bootstrap"))
        except Exception as error:
            details = written_down(error, house.logs / "demo.log")
            raise Failed(f"The demo data could not be loaded; the next `make up` begins anew. {details}") from None
        logins.remember(house.data_dir, accounts)
        house.tell(News("demo data", "done", "loaded, as on every first start"))
    return accounts


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

"""`make compose-test`: the house of docker-compose.yml, built, started twice over, told its story, broken, counted.

It prints what was promised and kept, figures, and a closing line; it fails when a promise is broken. Whatever ends it,
no container, volume or network of it stays. Logs are kept in .data/compose-test.
"""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from rich.console import Console

from devstack import demo
from tests.compose import containers, story
from tests.compose.engine import Engine, Missing
from tests.compose.project import ROOT, Broken, Project
from tests.compose.report import Report
from tests.compose.storm import HEALTHY_WITHIN, Stack, Storm

LOGS = ROOT / ".data" / "compose-test"
STARTED_WITHIN = 300.0  # seconds
# Who is who in devstack/demo.py, in the order it returns them.
PEOPLE = ("admin", "clerk", "helene", "paul", "lucie", "marc", "chloe", "ines")


def main() -> int:
    """Run everything; return the exit code."""
    console = Console()
    try:
        engine = Engine.find()
    except Missing as missing:
        console.print(str(missing), highlight=False, soft_wrap=True)
        console.print("0 passed, 0 failed, 1 skipped", highlight=False)
        return 0
    report = Report(console)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupted)
    try:
        with tempfile.TemporaryDirectory(prefix="courtier-compose-") as folder:
            _prove(engine, Path(folder), report)
    except KeyboardInterrupt:
        report.check("the run was not interrupted", ["stopped by a signal; everything it made is removed"])
    except Broken as broken:
        report.check("docker compose does what it is asked", [str(broken)])
    except Exception as error:  # whatever it is, the sum is still printed
        console.print_exception()
        report.check("the run comes to its end", [f"{type(error).__name__}: {error}"])
    console.print(report.table())
    console.print(report.closing_line(), highlight=False)
    return 1 if report.failed else 0


def _prove(engine: Engine, folder: Path, report: Report) -> None:
    with Project(engine, folder) as project:
        report.console.print(f"The project is {project.name}. {project.remedy}", highlight=False, soft_wrap=True)
        try:
            stack = _started(project, report)
            if not stack:
                return
            _standing(project, stack, folder, report)
            _leaving(project, report)
        finally:
            errors = containers.keep_logs(project, LOGS)
            report.figures["errors logged"] = ", ".join(f"{name} {number}" for name, number in errors.items() if number)


def _started(project: Project, report: Report) -> Stack | None:
    with report.step("images built"):
        project.build()
    with report.step("compose up"):
        project.up()
    with report.step("all healthy after that"):
        late = project.healthy(project.containers(), STARTED_WITHIN)
    report.check("everything started is healthy", late)
    if late:
        return None
    gateways, mailbox = project.urls("gateway", 8000), project.urls("mailbox", 8025)[0]
    with report.step("demo shop loaded"):
        accounts = asyncio.run(demo.load(gateways[0], project.secret("COURTIER_BOOTSTRAP_SECRET")))
    return Stack(gateways, mailbox, dict(zip(PEOPLE, accounts, strict=True)))


def _standing(project: Project, stack: Stack, folder: Path, report: Report) -> None:
    report.check("an image holds shared/ and its own service, nothing else", containers.holding_too_much(project))
    report.check("no service has rights or a disk to write to", containers.too_powerful(project))
    report.check("everything is started again after a crash", containers.not_restarted(project))
    with report.step("story told"):
        story.told(stack, folder, report, (*story.SALE, *story.ACCOUNTS))
        report.check("staff hears at one gateway what is sold by the other", asyncio.run(story.heard_elsewhere(stack)))
    asyncio.run(Storm(project, stack, report).run())
    with report.step("story told again"):
        story.told(stack, folder, report, story.SALE)
    with report.step("a third replica of orders"):
        project.scale("orders", 3)
        report.check("a third replica of orders joins", project.healthy(project.replicas("orders"), HEALTHY_WITHIN))
    report.check("nobody tried what NATS does not allow", containers.refused_by_nats(project))
    report.figures |= asyncio.run(containers.memory(project))


def _leaving(project: Project, report: Report) -> None:
    with report.step("compose stop"):
        project.stop()
    report.check("told to stop, everything ends with 0 in time", containers.badly_ended(project))


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

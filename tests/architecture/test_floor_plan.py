"""The house rules that a machine can check."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.services import PROCESSES
from shared.contracts.registry import owners

ROOT = Path(__file__).parents[2]
ROOMS = {
    "app",
    "settings",
    "handlers",
    "adapters",
    "domain",
    "models",
    "repository",
    "invariants",
    "migrations",
    "tests",
    "templates",
}
# Handlers, and the beats that several of them share.
STUDY = {"commands", "queries", "events", "jobs"} | {"asking", "loading", "recording", "views"}
NO_ROOM_IS_CALLED = {"utils", "helpers", "common", "misc", "core", "manager"}
LONGEST_FILE = 250
TRANSITIONS = {"advance", "follow"}  # what a domain's transition table answers by
OURS = [
    path
    for folder in ("shared", "services", "devstack", "courtier", "deploy", "examples", "bench", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "versions" not in path.parts
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("service", owners())
def test_every_service_has_the_same_rooms(service: str) -> None:
    home = ROOT / "services" / service
    found = {path.stem for path in home.iterdir() if not path.name.startswith("__")}

    assert found <= ROOMS
    assert found >= {"app", "handlers", "domain", "models", "repository", "invariants", "migrations", "tests"}


@pytest.mark.parametrize("service", owners())
def test_every_study_has_the_same_desks(service: str) -> None:
    study = ROOT / "services" / service / "handlers"

    assert {path.stem for path in study.iterdir() if not path.name.startswith("__")} <= STUDY


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_file_holds_a_second_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert path.stem not in NO_ROOM_IS_CALLED


@pytest.mark.parametrize("path", OURS, ids=named)
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert not tree.body or ast.get_docstring(tree) or path.name == "__init__.py" or "tests" in path.parts


def stated(name: str) -> bool:
    return name in ("status", "state") or name.endswith(("_status", "_state"))


def assigned(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.Attribute, ast.expr | None]]:
    """Yield each attribute an assignment sets with what it is set to; tuples are taken apart."""
    if isinstance(target, ast.Attribute):
        yield target, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        alike = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
        for place, part in enumerate(target.elts):
            yield from assigned(part, value.elts[place] if alike else value)  # type: ignore[union-attr]


def moved_by_hand(source: str) -> Iterator[int]:
    """Yield the lines that set a state otherwise than to what its transition table answered."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            found = [pair for target in node.targets for pair in assigned(target, node.value)]
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            found = list(assigned(node.target, node.value))
        else:
            continue
        for attribute, value in found:
            by = value.func if isinstance(value, ast.Call) else None
            name = by.attr if isinstance(by, ast.Attribute) else by.id if isinstance(by, ast.Name) else ""
            if stated(attribute.attr) and name not in TRANSITIONS:
                yield node.lineno


@pytest.mark.parametrize("service", owners())
def test_states_move_only_through_their_transition_table(service: str) -> None:
    """A state assigned by hand outside domain/ would be a transition nobody can find."""
    home = ROOT / "services" / service
    for path in home.rglob("*.py"):
        if path.relative_to(home).parts[0] not in ("domain", "tests", "migrations"):
            lines = list(moved_by_hand(path.read_text()))
            assert not lines, f"{named(path)} sets a state by hand in lines {lines}"


@pytest.mark.parametrize(
    ("source", "by_hand"),
    [
        ("order.status = OrderStatus.CANCELLED", True),
        ("order.payment_status = paid", True),
        ("hold.state = 'held'", True),
        ("hold.state, hold.order_version = HoldState.RELEASED, 2", True),
        ("a.version, (b.name, b.status) = found()", True),
        ("agent.status = command.status or agent.status", True),
        ("hold.state, hold.order_version = advance(hold.state, HoldState.RELEASED), 2", False),
        ("order.status = lifecycle.advance(lifecycle.ORDER, order.status, status)", False),
        ("status = order.status", False),
        ("order.paid = ledger.paid", False),
    ],
)
def test_a_state_set_by_hand_is_seen(source: str, by_hand: bool) -> None:
    assert bool(list(moved_by_hand(source))) is by_hand


@pytest.mark.parametrize("service", PROCESSES)
def test_every_folder_of_a_service_is_a_package(service: str) -> None:
    """What is no package, the import rules do not see."""
    for folder in {path.parent for path in (ROOT / "services" / service).rglob("*.py")}:
        assert folder.name == "versions" or (folder / "__init__.py").exists(), f"{named(folder)} is no package"


@pytest.mark.parametrize("service", owners())
def test_nobody_commits_but_the_hall(service: str) -> None:
    for path in (ROOT / "services" / service).rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            assert ".commit(" not in path.read_text(), named(path)


def documented_handlers(source: str) -> Iterator[str]:
    """Yield the handlers with a docstring of their own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            handles = any(isinstance(by, ast.Name) and by.id == "handler" for by in node.decorator_list)
            if handles and ast.get_docstring(node):
                yield node.name


@pytest.mark.parametrize("service", owners())
def test_what_a_handler_does_is_told_by_its_contract(service: str) -> None:
    study = ROOT / "services" / service / "handlers"
    told_twice = [
        f"{named(path)}: {name}" for path in study.rglob("*.py") for name in documented_handlers(path.read_text())
    ]

    assert not told_twice


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('@handler\nasync def place(): "Place."', ["place"]),
        ("@handler\nasync def place(): ...", []),
        ('async def place(): "Place."', []),
    ],
)
def test_a_handler_that_repeats_its_contract_is_seen(source: str, found: list[str]) -> None:
    assert list(documented_handlers(source)) == found


def test_nobody_publishes_but_the_relay() -> None:
    # A reader asks for more, and a lane answers whoever asked: neither tells the house anything.
    allowed = {"shared/messaging/reader.py", "shared/messaging/lanes.py", "shared/messaging/publishing.py"}
    for folder in ("shared", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            if "tests" not in path.parts and named(path) not in allowed:
                assert ".publish(" not in path.read_text(), f"{named(path)} publishes past the relay"

"""The house rules that a machine can check."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("agents", "catalog", "customers", "identity", "notifications", "orders")
ROOMS = {
    "app",
    "settings",
    "handlers",
    "domain",
    "models",
    "repository",
    "invariants",
    "migrations",
    "tests",
    "templates",
}
NO_ROOM_IS_CALLED = {"utils", "helpers", "common", "misc", "core", "manager"}
LONGEST_FILE = 250
OURS = [
    path
    for folder in ("shared", "services", "devstack", "courtier", "deploy", "examples", "bench", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "versions" not in path.parts
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_rooms(service: str) -> None:
    home = ROOT / "services" / service
    found = {path.stem for path in home.iterdir() if not path.name.startswith("__")}

    assert found <= ROOMS
    assert found >= {"app", "handlers", "domain", "models", "repository", "invariants", "migrations", "tests"}


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_file_holds_a_second_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert path.stem not in NO_ROOM_IS_CALLED


@pytest.mark.parametrize("path", OURS, ids=named)
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert not tree.body or ast.get_docstring(tree) or path.name == "__init__.py" or "tests" in path.parts


@pytest.mark.parametrize("service", SERVICES)
def test_states_move_only_through_their_transition_table(service: str) -> None:
    """A literal assigned to `.status` outside domain/ would be a transition nobody can find."""
    for path in (ROOT / "services" / service / "handlers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.Attribute)):
                targets = [target.attr for target in node.targets if isinstance(target, ast.Attribute)]
                moved = isinstance(node.value, ast.Constant) or ast.unparse(node.value).split(".")[0].endswith("Status")
                assert not ("status" in targets and moved), f"{named(path)}:{node.lineno} sets a status by hand"


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_commits_but_the_hall(service: str) -> None:
    for path in (ROOT / "services" / service).rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            assert ".commit(" not in path.read_text(), named(path)


def test_nobody_publishes_but_the_relay() -> None:
    allowed = {"shared/messaging/relay.py", "shared/messaging/reader.py", "shared/messaging/publishing.py"}
    for folder in ("shared", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            if "tests" not in path.parts and named(path) not in allowed:
                assert ".publish(" not in path.read_text(), f"{named(path)} publishes past the relay"

"""Which revision is the newest of a service."""

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from devstack import migrations
from devstack.migrations import newest
from devstack.services import SERVICES

OWNERS = [service.name for service in SERVICES if service.database]


@pytest.mark.parametrize("name", OWNERS)
def test_the_newest_revision_is_the_one_that_alembic_would_go_to(name: str) -> None:
    known = ScriptDirectory.from_config(Config("alembic.ini", ini_section=name))

    assert newest(name) == known.get_current_head()


@pytest.mark.parametrize(
    ("revisions", "found"),
    [
        ({"a": None, "b": "a", "c": "b"}, "c"),
        ({"a": None, "b": "a", "c": "a"}, ""),
        ({}, ""),
    ],
)
def test_where_two_follow_the_same_none_is_the_newest(
    revisions: dict[str, str | None], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = tmp_path / "services" / "agents" / "migrations" / "versions"
    versions.mkdir(parents=True)
    for name, before in revisions.items():
        text = f"revision: str = {name!r}\ndown_revision: str | None = {before!r}\nbranch_labels = None\n"
        (versions / f"{name}.py").write_text(text)
    monkeypatch.setattr(migrations, "ROOT", tmp_path)

    assert newest("agents") == found

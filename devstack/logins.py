"""Who can sign in to the demo data, remembered so that every later start can say it again."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """An account of the demo data. `note` says what is worth trying with it."""

    role: str
    email: str
    password: str
    note: str = ""


def remembered(data_dir: Path) -> list[DemoLogin] | None:
    """Return the logins of the demo data loaded earlier, None when none was."""
    file = _file(data_dir)
    return [DemoLogin(**login) for login in json.loads(file.read_text())] if file.exists() else None


def remember(data_dir: Path, logins: Sequence[DemoLogin]) -> None:
    """Write down that the demo data is loaded, and its logins."""
    fresh = _file(data_dir).with_suffix(".new")
    fresh.write_text(json.dumps([asdict(login) for login in logins], indent=2))
    fresh.replace(_file(data_dir))
    _loading(data_dir).unlink()


def begin(data_dir: Path) -> None:
    """Write down that the demo data is about to be loaded."""
    _loading(data_dir).touch()


def interrupted(data_dir: Path) -> bool:
    """Whether the demo data is there in part: whoever loaded it was stopped, and its logins are lost."""
    return _loading(data_dir).exists()


def _file(data_dir: Path) -> Path:
    return data_dir / "demo.json"


def _loading(data_dir: Path) -> Path:
    return data_dir / "demo.loading"

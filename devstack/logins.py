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


def remembered(file: Path) -> list[DemoLogin] | None:
    """Return the logins of the demo data loaded earlier, None when none was."""
    return [DemoLogin(**login) for login in json.loads(file.read_text())] if file.exists() else None


def remember(file: Path, logins: Sequence[DemoLogin]) -> None:
    """Write down that the demo data is loaded, and its logins."""
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(json.dumps([asdict(login) for login in logins], indent=2))
    fresh.replace(file)

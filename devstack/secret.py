"""Passwords and keys of this machine's house: made at random the first time they are asked for, kept in one file."""

import json
import os
import secrets
from pathlib import Path


class Secrets:
    """A JSON file of mode 0600 that answers with the secret of a name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def get(self, name: str) -> str:
        """Return the secret called `name`. It starts with a letter: NATS reads a variable of digits as a number."""
        if name not in self._known:
            self._known[name] = "s" + secrets.token_hex(20)
            self._write()
        return self._known[name]

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(self.path.name + ".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self._known, file, indent=2)
        fresh.replace(self.path)

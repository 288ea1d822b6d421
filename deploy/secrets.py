"""Writes .env from .env.example, every secret in it made at random: `python -m deploy.secrets [FILE]`.

It never overwrites: where the file is there already, it only names what that lacks. Standard library only, so that a
machine with nothing but Docker and Python can run it.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / ".env.example"
ASSIGNED = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def secret() -> str:
    """Return 160 random bits. A letter comes first: NATS reads a variable of digits as a number."""
    return "s" + os.urandom(20).hex()


def filled(example: str) -> str:
    """Return the example with a secret wherever it leaves a value open."""
    return ASSIGNED.sub(lambda line: line[0] if line[2] else f"{line[1]}={secret()}", example)


def missing(example: str, present: str) -> list[str]:
    """Return the names that the example leaves open and `present` does not set."""
    there = {name for name, value in ASSIGNED.findall(present) if value.strip()}
    return [name for name, value in ASSIGNED.findall(example) if not value and name not in there]


def main(target: Path) -> None:
    """Write the file, or say why not."""
    example = EXAMPLE.read_text()
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        lacking = missing(example, target.read_text())
        if lacking:
            sys.exit(f"{target} is there already and was left alone. It lacks {', '.join(lacking)}: add them by hand.")
        print(f"{target} is there already and was left alone.")
        return
    with os.fdopen(handle, "w") as file:
        file.write(filled(example))
    print(f"{target} is written, with secrets of its own. Keep it: the data can not be opened with others.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".env")

"""How anything here says that it cannot: one sentence for people, with what to do next."""

import traceback
from pathlib import Path


class Failed(Exception):
    """Something does not start or may not be done; the sentence says why and what to do."""


def written_down(error: Exception, log: Path) -> str:
    """Keep the traceback of an error nobody foresaw, and return a sentence about it."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.write_text("".join(traceback.format_exception(error)))
    return f"{type(error).__name__}: {error}. All of it is in {log}."

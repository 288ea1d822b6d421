"""Python's search for unreachable cycles, put off while some thousand values come to life at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """Let no search for cycles begin: each would look through everything that was read, and find nothing.

    It is for a second's work at most, since what cycles hold stays until the end.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()

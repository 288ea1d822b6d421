"""Which passwords are refused (ASVS 6.2): the most common ones, and those that hold the e-mail's own name.

Their length (8 to 128 characters) is in the contract; nothing is asked about kinds of characters.
"""

import unicodedata
from functools import cache
from pathlib import Path

from shared.kernel.problems import FieldError, Malformed

LIST = Path(__file__).with_name("common_passwords.txt")
SHORTEST_NAME = 4  # a shorter local part ("al@…") is in too many good passwords by chance


def normal(password: str) -> str:
    """Return a password in one Unicode form (NFKC), so that it is the same from every keyboard; never cut."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, email: str, pointer: str = "/password") -> None:
    """Raise Malformed, naming the field, for a password that others would guess first."""
    folded, local = normal(password).casefold(), email.partition("@")[0].casefold()
    if folded in common() or len(set(folded)) == 1:
        raise _refused(pointer, "PASSWORD_COMMON", "This password is among the most used ones; choose another.")
    if len(local) >= SHORTEST_NAME and local in folded:
        raise _refused(pointer, "PASSWORD_HOLDS_EMAIL", "The password must not contain the name in the e-mail address.")


@cache
def common() -> frozenset[str]:
    """Return the most common passwords, in lower case."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _refused(pointer: str, code: str, message: str) -> Malformed:
    return Malformed(message, errors=[FieldError(pointer, code, message)])

"""Cells of a file: texts in, values out, and back again.

Numbers have a decimal point or a decimal comma, and may have spaces between thousands: 1234.50, 1234,50 and 1 234,50
are one number. A comma with exactly three digits behind it may mean thousands or thousandths, so it is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Sized
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.kernel.money import LIMIT

Reads = Callable[[str], Any]
SPACES = "[ \u00a0\u202f]"
NUMBER = re.compile(rf"-?(?:[0-9]{{1,3}}(?:{SPACES}[0-9]{{3}})+|[0-9]{{1,20}})(?:[.,][0-9]{{1,20}})?")
THOUSANDS_OR_NOT = re.compile(r"-?[0-9]{1,3},[0-9]{3}")
CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
IDENTITY = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CURRENCY = re.compile(r"[A-Z]{3}")
BARCODE = re.compile(r"[0-9A-Za-z-]{4,32}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A spreadsheet takes such a cell for a formula; one apostrophe in front of it makes it a text.
DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
MARKS = ("=", "'")
DISARMED = re.compile(r"'+[=+\-@\t\r]")
YES, NO = frozenset({"yes", "true", "1", "oui", "vrai"}), frozenset({"no", "false", "0", "non", "faux"})
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
SERIAL_DAYS = range(20_000, 110_000)  # 1954 to 2201: a cell that a spreadsheet keeps as a date
SHOWN, MOST_PARTS = 200, 50


class CellFault(ValueError):
    """A cell that cannot be read: a code for programs, and a sentence with the remedy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def disarmed(text: str) -> str:
    """Return a text as it is written, so that no spreadsheet takes it for a formula; `armed` takes that back."""
    return "'" + text if DANGEROUS.match(text) else text


def armed(cell: str) -> str:
    """Return the text that a cell stands for. Raises CellFault for a formula."""
    if cell[:1] not in MARKS:
        return cell
    if cell.startswith("="):
        raise CellFault("FORMULA", "This is a formula; write its value, or an apostrophe before the = sign of a text.")
    return cell[1:] if DISARMED.match(cell) else cell


def text(most: int) -> Reads:
    """Return what reads one line of at most so many characters."""

    def read(cell: str) -> str:
        if len(cell) > most:
            raise CellFault("TOO_LONG", f"It has {len(cell)} characters; at most {most} are kept. Shorten it.")
        if CONTROL.search(cell):
            raise CellFault("CONTROL_CHARACTER", "It has a line break or another control character; remove it.")
        return cell

    return read


def long_text(most: int) -> Reads:
    """Return what reads a text of at most so many characters, over several lines perhaps."""

    def read(cell: str) -> str:
        if len(cell) > most:
            raise CellFault("TOO_LONG", f"It has {len(cell)} characters; at most {most} are kept. Shorten it.")
        return cell

    return read


def matching(pattern: re.Pattern[str], like: str) -> Reads:
    """Return what reads a text of a certain form, such as `like`."""

    def read(cell: str) -> str:
        if not pattern.fullmatch(cell):
            raise CellFault("FORM_INVALID", f"{shown(cell)} cannot stand here; write it like {like}.")
        return cell

    return read


def number(decimals: int, *, least: Decimal = Decimal(0), most: Decimal = LIMIT - 1) -> Reads:
    """Return what reads a number between two bounds, with at most so many decimals."""

    def read(cell: str) -> Decimal:
        value = _number(cell)
        if value < least:
            code = "NEGATIVE" if value < 0 <= least else "TOO_SMALL"
            raise CellFault(code, f"{shown(cell)} is less than {least}; write {least} or more.")
        if value > most:
            raise CellFault("TOO_LARGE", f"{shown(cell)} is more than can be kept; write {most} or less.")
        if value != round(value, decimals):
            raise CellFault("TOO_PRECISE", f"{shown(cell)} has more than {decimals} decimals; round it.")
        return value

    return read


def _number(cell: str) -> Decimal:
    if not NUMBER.fullmatch(cell):
        raise CellFault("NUMBER_INVALID", f"{shown(cell)} is no number; write it like 1234.50 or 1 234,50.")
    if THOUSANDS_OR_NOT.fullmatch(cell):
        message = f"{cell} may mean {cell.replace(',', '')} or {cell.replace(',', '.')}; write one of these."
        raise CellFault("NUMBER_AMBIGUOUS", message)
    return Decimal(re.sub(SPACES, "", cell).replace(",", "."))


def whole(least: int, most: int) -> Reads:
    """Return what reads a whole number between two bounds."""
    read = number(0, least=Decimal(least), most=Decimal(most))
    return lambda cell: int(read(cell))


def identity(cell: str) -> UUID:
    """Return the id that a cell names."""
    if not IDENTITY.fullmatch(cell):
        message = f"{shown(cell)} is no id; write it like 01a2024f-839b-79ea-83fa-a5f4490adff3."
        raise CellFault("FORM_INVALID", message)
    return UUID(cell)


def one_of(choices: Sequence[str]) -> Reads:
    """Return what reads one of some words."""

    def read(cell: str) -> str:
        word = cell.lower()
        if word not in choices:
            raise CellFault("CHOICE_UNKNOWN", f"{shown(cell)} cannot stand here; choose {', '.join(choices)}.")
        return word

    return read


def yes_or_no(cell: str) -> bool:
    """Return what a yes or no says, in English or French."""
    word = cell.lower()
    if word not in YES | NO:
        raise CellFault("CHOICE_UNKNOWN", f"{shown(cell)} cannot stand here; write yes or no.")
    return word in YES


def moment(cell: str) -> datetime:
    """Return a moment in UTC: ISO 8601, UTC where no zone is named, or the day number of a spreadsheet's date."""
    try:
        if re.fullmatch(r"[0-9]{5,6}(\.[0-9]+)?", cell) and int(float(cell)) in SERIAL_DAYS:
            return FIRST_DAY + timedelta(seconds=round(float(cell) * 86_400))
        read = datetime.fromisoformat(cell)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{shown(cell)} is no date; write it like 2026-11-30 or 2026-11-30T18:00:00Z."
        raise CellFault("DATE_INVALID", message) from None


def parts(cell: str) -> list[str]:
    r"""Return the texts that stand between bars: `a|b`. A bar within a text is written \|, a backslash \\."""
    found = [""]
    escaped = False
    for sign in cell:
        if escaped or sign not in "\\|":
            found[-1] += sign
            escaped = False
        elif sign == "|":
            found.append("")
        else:
            escaped = True
    return [one for part in found if (one := part.strip())]


def codes(cell: str) -> list[str]:
    """Return codes that stand between bars, each once."""
    found = list(dict.fromkeys(matching(CODE, "coffee|tea")(part.lower()) for part in parts(cell)))
    _check_count(found)
    return found


def pairs(cell: str) -> dict[str, list[str]]:
    """Return the values by code that stand between bars: `colour=red|size=M`; a code may come again."""
    found: dict[str, list[str]] = {}
    for part in parts(cell):
        code, sign, value = part.partition("=")
        if not sign or not CODE.fullmatch(code.strip()) or not value.strip():
            raise CellFault("PAIR_INVALID", f"{shown(part)} cannot stand here; write it like colour=red|size=M.")
        found.setdefault(code.strip(), []).append(text(SHOWN)(value.strip()))
    for many in (found, *found.values()):
        _check_count(many)
    return found


def _check_count(found: Sized) -> None:
    if len(found) > MOST_PARTS:
        raise CellFault("TOO_MANY", f"{len(found)} are too many; {MOST_PARTS} may stand here. Leave some out.")


def choices(cell: str) -> dict[str, str]:
    """Return one value by code: `colour=red|size=M`."""
    found = pairs(cell)
    if twice := [code for code, values in found.items() if len(values) > 1]:
        raise CellFault("OPTION_TWICE", f"{twice[0]} has two values here; a variant has one of each option.")
    return {code: values[0] for code, values in found.items()}


def joined(texts: Sequence[str]) -> str:
    """Return texts as `parts` reads them again."""
    return "|".join(one.replace("\\", "\\\\").replace("|", "\\|") for one in texts)


def joined_pairs(values: Mapping[str, Sequence[str] | str]) -> str:
    """Return values by code as `pairs` reads them again."""
    flat = [(code, [given] if isinstance(given, str) else given) for code, given in values.items()]
    return joined([f"{code}={one}" for code, given in flat for one in given])


def written(value: Any) -> str:
    """Return a value as a cell says it, before it is disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return joined_pairs(value)
    return joined(value) if isinstance(value, list) else str(value)


def shown(cell: str) -> str:
    """Return the beginning of a cell, for a sentence about it."""
    return cell if len(cell) <= 40 else cell[:40] + "…"

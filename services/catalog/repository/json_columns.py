"""Columns that a statement writes as JSON, read as values: numbers exact."""

import json
from decimal import Decimal
from typing import Any

_decoder = json.JSONDecoder(parse_float=Decimal)


def read(told: str | None) -> Any:
    """Return what a column says; one that says nothing is an empty list."""
    return _decoder.decode(told) if told else []


def decimal(number: int | Decimal | None) -> Decimal | None:
    """Return a number of a column, which may be whole or not there."""
    return None if number is None else Decimal(number)

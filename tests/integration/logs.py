"""What the processes of a house have logged."""

import json
from typing import Any


def lines(shop: Any, service: str) -> list[dict[str, Any]]:
    """Return what a service has logged: one JSON object on each line, whatever happens."""
    return [json.loads(line) for line in (shop.house.logs / f"{service}.log").read_text().splitlines()]

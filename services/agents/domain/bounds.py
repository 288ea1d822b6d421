"""How far an agent may move a price (rules 3.8.6)."""

from decimal import Decimal


def in_force(own: Decimal | None, groups: Decimal) -> Decimal:
    """Return the percent that holds for an agent: their own, where they have one, else their group's."""
    return groups if own is None else own

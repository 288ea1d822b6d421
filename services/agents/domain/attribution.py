"""Whose a sale is: an ordered list of reasons, of which the first that fits wins (rules 3.11)."""

from collections.abc import Sequence

from shared.contracts.agents.settings import Attribution
from shared.kernel.problems import FieldError, Malformed


def check_order(attribution: Sequence[Attribution]) -> None:
    """Refuse a list that names a reason twice. Raises Malformed pointing at each repeat."""
    repeats = [place for place, reason in enumerate(attribution) if reason in attribution[:place]]
    if repeats:
        message = "Name each reason once; the first one that fits wins."
        raise Malformed(message, errors=[FieldError(f"/attribution/{place}", "REPEATED", message) for place in repeats])

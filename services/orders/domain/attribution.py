"""Whose sale it is (rules 3.11): decided once, when the order is placed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.contracts.agents.settings import Attribution


def attribute(
    precedence: Sequence[Attribution], candidates: Mapping[Attribution, UUID | None]
) -> tuple[UUID | None, Attribution | None]:
    """Return the agent a sale belongs to and why: the first of the shop's precedence that has an active agent."""
    for reason in precedence:
        if (agent_id := candidates.get(reason)) is not None:
            return agent_id, reason
    return None, None

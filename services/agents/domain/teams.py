"""Where an agent may stand: no one above themselves, and no team deeper than the shop allows (rules 3.9)."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.agents.agents import TeamCycle, TeamTooDeep


def check_place(agent_id: UUID, above: Sequence[UUID], height: int, max_levels: int) -> None:
    """Refuse a place where an agent would stand above themselves, or a team would become too deep.

    `above`: the new parent and everyone above that one; none at the top. `height`: how many levels the agent brings,
    1 when nobody stands below. `max_levels`: as many as may stand below the shop; 0 is any number.
    Raises TeamCycle, TeamTooDeep.
    """
    if agent_id in above:
        raise TeamCycle
    levels = len(above) + height
    if 0 < max_levels < levels:
        detail = f"The team would have {levels} levels, and the shop allows {max_levels}; choose a parent further up."
        raise TeamTooDeep(detail, levels=levels, max_levels=max_levels)

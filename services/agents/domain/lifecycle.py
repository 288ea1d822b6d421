"""Whether an agent may sell, as a table of what may follow what."""

from shared.contracts.agents.agents import AgentStatus
from shared.kernel import transitions

NEXT: transitions.Transitions[AgentStatus] = {
    AgentStatus.ACTIVE: frozenset({AgentStatus.SUSPENDED}),
    AgentStatus.SUSPENDED: frozenset({AgentStatus.ACTIVE}),
}


def advance(current: AgentStatus, to: AgentStatus) -> AgentStatus:
    """Return the status to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, "An agent")

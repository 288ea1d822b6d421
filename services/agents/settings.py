"""What agents needs to be told besides: how deep a team may be."""

from pydantic import Field

from shared.settings import InForce, ServiceSettings


class Settings(ServiceSettings):
    """Everything agents must be told."""

    max_team_levels: int = Field(
        default=3,
        ge=0,
        description="How many levels of agents may stand below the shop: 3 is an agent, theirs, and those of these. "
        "0: any number. Teams that are deeper already stay as they are.",
    )


in_force = InForce[Settings]()
use, current = in_force.use, in_force.current

"""Who is told what an order was computed from: those who sell, never those who buy."""

from shared.contracts.actor import Actor, ActorType, Permission
from shared.kernel.problems import Forbidden


def check_may_explain(actor: Actor) -> None:
    """Refuse to tell from what an order was computed to whoever is only shown its prices. Raises Forbidden."""
    if actor.type not in (ActorType.STAFF, ActorType.AGENT):
        raise Forbidden("From what an order was computed is told to staff and agents; ask the merchant.")


def may_see_costs(actor: Actor) -> bool:
    """Tell whether an actor is told what goods cost the merchant, as the catalogue's sheets tell it."""
    return actor.type is ActorType.STAFF and actor.may(Permission.CATALOG_READ)

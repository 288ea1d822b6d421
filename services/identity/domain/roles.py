"""What each role may do, and which roles fit which kind of account (ID-2, ID-5)."""

from collections.abc import Iterable

from shared.contracts.actor import ActorType, Permission
from shared.contracts.identity import Role
from shared.kernel.problems import FieldError, Malformed

P = Permission

GRANTS: dict[Role, frozenset[Permission]] = {
    # Everything but what reaches one's own records only: no customer and no agent stands behind an admin.
    Role.ADMIN: frozenset(grant for grant in P if grant is not P.PUBLIC and not grant.endswith("_own")),
    Role.ORDER_CLERK: frozenset(
        {
            *(P.ORDERS_READ, P.ORDERS_PLACE, P.ORDERS_CANCEL, P.PAYMENTS_WRITE),
            *(P.CUSTOMERS_READ, P.CATALOG_READ, P.AGENTS_READ, P.EVENTS_READ, P.MAILS_READ),
        }
    ),
    # Lists and rules name customers, companies and groups; imports tell how far they are by events.
    Role.CATALOGUE_MANAGER: frozenset(
        {P.CATALOG_READ, P.CATALOG_WRITE, P.PRICES_WRITE, P.STOCK_WRITE, P.CUSTOMERS_READ, P.EVENTS_READ}
    ),
    Role.ACCOUNTANT: frozenset({P.ORDERS_READ, P.PAYMENTS_WRITE, P.COMMISSIONS_READ, P.AGENTS_READ, P.CUSTOMERS_READ}),
    Role.AGENT: frozenset(
        {P.ORDERS_PLACE_OWN, P.ORDERS_READ_OWN, P.CUSTOMERS_READ_OWN, P.AGENTS_READ_OWN, P.COMMISSIONS_READ_OWN}
    ),
    Role.CUSTOMER: frozenset({P.ORDERS_PLACE_OWN, P.ORDERS_READ_OWN, P.ORDERS_CANCEL_OWN, P.CUSTOMERS_READ_OWN}),
}
EVERYONE_SIGNED_IN = frozenset({P.ACCOUNT_OWN})

FITTING: dict[ActorType, frozenset[Role]] = {
    ActorType.STAFF: frozenset({Role.ADMIN, Role.ORDER_CLERK, Role.CATALOGUE_MANAGER, Role.ACCOUNTANT}),
    ActorType.AGENT: frozenset({Role.AGENT}),
    ActorType.CUSTOMER: frozenset({Role.CUSTOMER}),
}


def permissions(roles: Iterable[Role]) -> list[str]:
    """Return what these roles allow together, sorted so that equal sets read alike."""
    return sorted(EVERYONE_SIGNED_IN.union(*(GRANTS[role] for role in roles)))


def fitting(kind: ActorType, roles: Iterable[Role]) -> list[Role]:
    """Return the roles once each, in their order. Raises Malformed naming each that such an account cannot have."""
    wanted = list(dict.fromkeys(roles))
    allowed = FITTING.get(kind, frozenset())
    choices = ", ".join(sorted(allowed))
    faults = [
        FieldError(
            f"/roles/{index}",
            "ROLE_NOT_FITTING",
            f"An account of type {kind} cannot be {role}; choose from: {choices}.",
        )
        for index, role in enumerate(wanted)
        if role not in allowed
    ]
    if faults:
        raise Malformed(f"These roles do not fit an account of type {kind}.", errors=faults)
    return wanted

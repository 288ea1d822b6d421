"""Who is acting, and what they may ask for."""

from enum import StrEnum
from uuid import UUID

from shared.contracts.values import Contract


class ActorType(StrEnum):
    """Which kind of record stands behind an actor."""

    VISITOR = "visitor"
    CUSTOMER = "customer"
    AGENT = "agent"
    STAFF = "staff"
    SERVICE = "service"


class Permission(StrEnum):
    """What a role may grant. `_own` reaches one's own records only; the owner of the data decides which those are."""

    PUBLIC = "public"
    CATALOG_READ = "catalog:read"
    CATALOG_WRITE = "catalog:write"
    PRICES_WRITE = "prices:write"
    STOCK_WRITE = "stock:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_READ_OWN = "customers:read_own"
    CUSTOMERS_WRITE = "customers:write"
    ORDERS_READ = "orders:read"
    ORDERS_READ_OWN = "orders:read_own"
    ORDERS_PLACE = "orders:place"
    ORDERS_PLACE_OWN = "orders:place_own"
    ORDERS_CANCEL = "orders:cancel"
    ORDERS_CANCEL_OWN = "orders:cancel_own"
    PAYMENTS_WRITE = "payments:write"
    AGENTS_READ = "agents:read"
    AGENTS_READ_OWN = "agents:read_own"
    AGENTS_WRITE = "agents:write"
    COMMISSIONS_READ = "commissions:read"
    COMMISSIONS_READ_OWN = "commissions:read_own"
    MAILS_READ = "mails:read"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    ACCOUNT_OWN = "account:own"
    EVENTS_READ = "events:read"
    OPERATE = "operate"


def service_permission(service: str) -> str:
    """Return what a service may ask when no caller stands behind it (sweepers, jobs)."""
    return f"service:{service}"


class ActorRef(Contract):
    """Who did something, as events and histories remember it."""

    type: ActorType
    id: UUID | None = None
    name: str | None = None
    on_behalf_of: UUID | None = None


class Actor(Contract):
    """Whoever stands behind a message: `id` is that of the agent, customer or staff record."""

    type: ActorType
    id: UUID | None = None
    account_id: UUID | None = None
    name: str | None = None
    permissions: frozenset[str] = frozenset()
    on_behalf_of: UUID | None = None

    def may(self, permission: str) -> bool:
        """Tell whether the actor holds a permission; everyone holds PUBLIC."""
        return permission == Permission.PUBLIC or permission in self.permissions

    def ref(self, on_behalf_of: UUID | None = None) -> ActorRef:
        """Return what a history keeps of this actor, naming both where they act for another."""
        return ActorRef(type=self.type, id=self.id, name=self.name, on_behalf_of=on_behalf_of or self.on_behalf_of)

    @property
    def key(self) -> str:
        """Identify the actor among all actors, so that idempotency keys of two callers never meet."""
        return f"{self.type}:{self.account_id or self.id or ''}"


VISITOR = Actor(type=ActorType.VISITOR)


def service_actor(service: str) -> Actor:
    """Return the actor behind what a service does of its own accord."""
    return Actor(type=ActorType.SERVICE, name=service, permissions=frozenset({service_permission(service)}))

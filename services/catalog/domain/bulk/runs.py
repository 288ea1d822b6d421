"""The life of an import: which state may follow which, and what each kind of it needs."""

from collections.abc import Mapping

from shared.contracts.actor import Actor, Permission
from shared.contracts.catalog.bulk import ImportEnded, ImportKind, ImportState
from shared.kernel import transitions
from shared.kernel.problems import Forbidden

S = ImportState
ENDED = frozenset({S.CHECKED, S.DONE, S.FAILED, S.CANCELLED})
NEXT: transitions.Transitions[ImportState] = {
    S.WAITING: frozenset({S.CHECKING, S.FAILED, S.CANCELLED}),
    S.CHECKING: frozenset({S.CHECKED, S.APPLYING, S.FAILED, S.CANCELLED}),
    S.APPLYING: frozenset({S.DONE, S.FAILED, S.CANCELLED}),
    **dict.fromkeys(ENDED, frozenset()),
}
NEEDED: Mapping[ImportKind, frozenset[Permission]] = {
    ImportKind.PRODUCTS: frozenset({Permission.CATALOG_WRITE, Permission.PRICES_WRITE}),
    ImportKind.PRICES: frozenset({Permission.PRICES_WRITE}),
    ImportKind.STOCK: frozenset({Permission.STOCK_WRITE}),
    ImportKind.CATEGORIES: frozenset({Permission.CATALOG_WRITE}),
    ImportKind.QUANTITY_RULES: frozenset({Permission.CATALOG_WRITE}),
}


def advance(current: ImportState, to: ImportState) -> ImportState:
    """Return the state to take. Raises ImportEnded where the import has come to its end already."""
    if current in ENDED:
        raise ImportEnded(f"The import is {current}; what it did stays. Import a corrected file to change it.")
    return transitions.advance(NEXT, current, to, "An import")


def may_keep(actor: Actor) -> frozenset[ImportKind]:
    """Return the kinds of files whose contents an actor may keep."""
    return frozenset(kind for kind, needed in NEEDED.items() if all(map(actor.may, needed)))


def check_may(actor: Actor, kind: ImportKind) -> None:
    """Refuse whoever may not keep what a file of this kind is about. Raises Forbidden naming what is lacking."""
    for permission in sorted(NEEDED[kind]):
        if not actor.may(permission):
            message = f"Your roles do not include {permission}; ask an administrator for it."
            raise Forbidden(message, permission=str(permission))

"""Whom a rule is for and what it is about: a scope and an id that fit each other, and fields that agree."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import Limit
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import (
    BuyerScope,
    QtyRuleImpossible,
    QuantityBasis,
    RuleInvalid,
    SetQuantityRule,
)
from shared.contracts.catalog.visibility import SetVisibilityRule
from shared.kernel.problems import FieldError

SEEING = frozenset({BuyerScope.CUSTOMER, BuyerScope.GROUP, BuyerScope.EVERYONE})
SEEN = frozenset({Scope.PRODUCT, Scope.CATEGORY})


def check_quantity_rule(asked: SetQuantityRule) -> None:
    """Refuse a quantity rule that contradicts itself. Raises RuleInvalid naming each field."""
    errors = _id_errors(asked.buyer_id, asked.buyer_scope is BuyerScope.EVERYONE, "/buyer_id", asked.buyer_scope)
    errors += _id_errors(asked.target_id, asked.scope is Scope.ALL, "/target_id", asked.scope)
    if (asked.period_qty is None) != (asked.period_days is None):
        pointer = "/period_days" if asked.period_days is None else "/period_qty"
        message = "A limit per period needs both: how many, and in how many days."
        errors.append(FieldError(pointer, "PERIOD_NOT_WHOLE", message))
    if asked.scope is Scope.VARIANT and asked.basis is QuantityBasis.PRODUCT:
        message = "A rule about one variant looks at that variant; name the product to look at all of its variants."
        errors.append(FieldError("/basis", "BASIS_NOT_FITTING", message))
    if all(value is None for value in (asked.min_qty, asked.max_qty, asked.multiple, asked.period_qty)):
        message = "The rule says nothing: give a minimum, a maximum, a multiple or a limit per period, 0 to lift one."
        errors.append(FieldError("", "RULE_EMPTY", message))
    _refuse(errors)


def check_visibility_rule(asked: SetVisibilityRule) -> None:
    """Refuse a visibility rule for or about what there are none of. Raises RuleInvalid naming each field."""
    errors = _id_errors(asked.buyer_id, asked.buyer_scope is BuyerScope.EVERYONE, "/buyer_id", asked.buyer_scope)
    if asked.buyer_scope not in SEEING:
        message = "Say who sees it by customer, group or everyone; put a company's customers into a group."
        errors.append(FieldError("/buyer_scope", "SCOPE_NOT_FITTING", message))
    if asked.scope not in SEEN:
        message = "Name a product or a category; variants are seen with their product."
        errors.append(FieldError("/scope", "SCOPE_NOT_FITTING", message))
    _refuse(errors)


def check_named(customer_ids: Collection[UUID], group_ids: Collection[UUID]) -> None:
    """Refuse an access list of nobody. Raises RuleInvalid."""
    if not customer_ids and not group_ids:
        message = (
            "Name at least one customer or group. To lift the list, DELETE it; to hide it from all, discontinue it."
        )
        _refuse([FieldError("/group_ids", "LIST_EMPTY", message)])


def check_known(ids: Sequence[UUID], unknown: Collection[UUID], pointer: str, noun: str) -> None:
    """Refuse ids of which some are `unknown`. Raises RuleInvalid naming each at `pointer` filled with its index."""
    message = f"There is no such {noun}."
    _refuse(
        [
            FieldError(pointer.format(index), f"{noun.upper()}_NOT_FOUND", message)
            for index, id_ in enumerate(ids)
            if id_ in unknown
        ]
    )


def check_possible(left_nothing: Collection[Limit], rule_id: UUID) -> None:
    """Refuse a rule after which some goods could not be ordered in any quantity. Raises QtyRuleImpossible."""
    if not left_nothing:
        return
    others = sorted({str(limit.rule) for limit in left_nothing if limit.rule != rule_id})
    beside = f", together with the rules {', '.join(others)}" if others else ""
    message = f"No quantity fulfils this{beside}; minimum and maximum count as whole multiples."
    raise QtyRuleImpossible(message, errors=[FieldError("", QtyRuleImpossible.code, message)], rules=others)


def buyer_of(asked: SetQuantityRule | SetVisibilityRule) -> UUID:
    """Return the id by which a rule knows whom it is for."""
    return asked.buyer_id or PUBLIC


def target_of(asked: SetQuantityRule) -> UUID:
    """Return the id by which a rule knows what it is about."""
    return asked.target_id or PUBLIC


def named(value: UUID) -> UUID | None:
    """Return an id as the public API has it: None for everyone, or for all goods."""
    return None if value == PUBLIC else value


def _id_errors(id_: UUID | None, for_all: bool, pointer: str, scope: str) -> list[FieldError]:
    if for_all and id_ is not None:
        return [FieldError(pointer, "ID_NOT_FITTING", f"A rule of scope {scope} names no id; leave it out.")]
    if not for_all and id_ in (None, PUBLIC):
        return [FieldError(pointer, "ID_MISSING", f"A rule of scope {scope} needs the id of the {scope}.")]
    return []


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise RuleInvalid(errors=errors)

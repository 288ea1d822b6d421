"""What makes a price list acceptable: targets that fit its level, a time that exists, a status that may follow."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.catalog.domain.prices import PUBLIC, market_id
from services.catalog.domain.windows import backwards
from shared.contracts.catalog.price_lists import (
    ListStatus,
    ListTarget,
    ListWarning,
    PriceLevel,
    PriceListInvalid,
    TargetKind,
)
from shared.contracts.customers.groups import GroupNotFound
from shared.kernel import transitions
from shared.kernel.problems import FieldError

NEXT: transitions.Transitions[ListStatus] = {
    ListStatus.DRAFT: frozenset({ListStatus.ACTIVE, ListStatus.ARCHIVED}),
    ListStatus.ACTIVE: frozenset({ListStatus.DRAFT, ListStatus.ARCHIVED}),
    ListStatus.ARCHIVED: frozenset({ListStatus.DRAFT}),
}
FITTING: Mapping[PriceLevel, frozenset[TargetKind]] = {
    PriceLevel.QUOTE: frozenset({TargetKind.CUSTOMER}),
    PriceLevel.CONTRACT: frozenset({TargetKind.CUSTOMER, TargetKind.COMPANY}),
    PriceLevel.GROUP: frozenset({TargetKind.GROUP}),
    PriceLevel.MARKET: frozenset({TargetKind.MARKET, TargetKind.EVERYONE}),
}
OWN = re.compile(r"group-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[a-z]{3}(-gross)?")
WARNED_OF = 10
"""How many overlapping lists an answer names at most."""


def advance(current: ListStatus, to: ListStatus) -> ListStatus:
    """Return the status to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, "A price list")


def first_status(status: ListStatus) -> ListStatus:
    """Return the status of a new list. Raises PriceListInvalid for one that is archived before it was ever used."""
    if status is ListStatus.ARCHIVED:
        fault = FieldError("/status", "STATUS_NOT_FIRST", "A new list is a draft or active; archive it later.")
        raise PriceListInvalid(errors=[fault])
    return status


def check_code(code: str) -> None:
    """Refuse the codes of groups' own lists, which are made with a group's first price. Raises PriceListInvalid."""
    if OWN.fullmatch(code):
        message = "Lists of this name are made with the first price of a group; choose another code."
        raise PriceListInvalid(errors=[FieldError("/code", "CODE_RESERVED", message)])


def check_own(
    code: str, before: tuple[ListStatus, Collection[UUID]], after: tuple[ListStatus, Collection[UUID]]
) -> None:
    """Refuse to give a group's own list to others, or to stop it: its prices are set one by one.

    `before` and `after`: status and target ids. Raises PriceListInvalid.
    """
    if not OWN.fullmatch(code):
        return
    message = "This is a group's own list; make another list for others, and delete rows that are to count no more."
    faults = [
        FieldError(pointer, "LIST_IS_THE_GROUPS_OWN", message)
        for pointer, old, new in (("/status", before[0], after[0]), ("/targets", set(before[1]), set(after[1])))
        if old != new
    ]
    if faults:
        raise PriceListInvalid(errors=faults)


def check_list(
    level: PriceLevel,
    targets: Sequence[ListTarget],
    starts_at: datetime | None,
    ends_at: datetime | None,
    known_groups: Collection[UUID],
) -> None:
    """Refuse a list whose level, targets and time do not go together. Raises PriceListInvalid naming each fault.

    `known_groups`: those of the targets that are groups. Customers and companies may be told of later.
    """
    faults = backwards(starts_at, ends_at, "/ends_at")
    if level not in FITTING:
        choices = ", ".join(sorted(FITTING))
        faults.append(FieldError("/level", "LEVEL_WITHOUT_LISTS", f"No list is of this level; choose from: {choices}."))
    else:
        faults += [fault for at, target in enumerate(targets) for fault in _target(level, at, target, known_groups)]
    seen: set[UUID | None] = set()
    for at, target in enumerate(targets):
        id_ = target_id(target)
        if id_ is not None and id_ in seen:
            faults.append(
                FieldError(f"/targets/{at}", "TARGET_TWICE", "It is among the targets already; leave it out.")
            )
        seen.add(id_)
    if faults:
        raise PriceListInvalid(errors=faults)


def _target(level: PriceLevel, at: int, target: ListTarget, known_groups: Collection[UUID]) -> list[FieldError]:
    kinds = ", ".join(sorted(FITTING[level]))
    if target.kind not in FITTING[level]:
        message = f"A list of level {level} is for: {kinds}."
        return [FieldError(f"/targets/{at}/kind", "TARGET_NOT_FITTING", message)]
    wants_code, wants_id = target.kind is TargetKind.MARKET, target.kind not in (TargetKind.MARKET, TargetKind.EVERYONE)
    if (target.id is not None) is not wants_id or (target.code is not None) is not wants_code:
        needs = "a code and no id" if wants_code else "an id and no code" if wants_id else "neither id nor code"
        return [FieldError(f"/targets/{at}", "TARGET_INCOMPLETE", f"A target of kind {target.kind} has {needs}.")]
    if target.kind is TargetKind.GROUP and target.id not in known_groups:
        return [FieldError(f"/targets/{at}/id", GroupNotFound.code, "There is no such group.")]
    return []


def groups_of(targets: Sequence[ListTarget]) -> list[UUID]:
    """Return the ids of those targets that are groups."""
    return [target.id for target in targets if target.kind is TargetKind.GROUP and target.id is not None]


def target_id(target: ListTarget) -> UUID | None:
    """Return the id by which a target is kept; None where its own fields do not say one."""
    if target.kind is TargetKind.EVERYONE:
        return PUBLIC
    if target.kind is TargetKind.MARKET:
        return market_id(target.code) if target.code else None
    return target.id


def warnings(overlapping: Sequence[tuple[UUID, str]]) -> list[ListWarning]:
    """Return what to say of lists, by id and code, that are for the same buyers at the same time (rules 3.1, edge)."""
    return [
        ListWarning(list_id=id_, list_code=code, message=f"The list {code} overlaps this one; the lower price counts.")
        for id_, code in overlapping
    ]

"""What rows of quantity rules make of them: one rule for each buyer and each goods, and some quantity always left."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.catalog.domain.bulk.columns import DELETE
from services.catalog.domain.bulk.pricing import NAMED, about
from services.catalog.domain.bulk.rows import Fault, Report, Row
from services.catalog.domain.naming import check_quantity_rule
from services.catalog.domain.price_rows import UNKNOWN, Known
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import Place, QuantityFacts, impossible, limits, one_buyer
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope, QtyRuleImpossible, QuantityBasis, RuleInvalid, SetQuantityRule

BUYERS = {"customer": BuyerScope.CUSTOMER, "company": BuyerScope.COMPANY, "group": BuyerScope.GROUP}
LIMITS = ("min_qty", "max_qty", "multiple", "period_qty", "period_days", "basis")
LAST = 2**62
"""The place in the order of making of a rule that has none yet: behind all others."""

Pair = tuple[Scope, UUID]


@dataclass(slots=True)
class Names:
    """The ids of what rows name: targets by scope and SKU or code, groups by code."""

    targets: Known
    groups: Mapping[str, UUID]

    def target(self, row: Row) -> Pair:
        """Return what a row's rule is about. Raises Fault."""
        scope, name = about(row)
        if name is None:
            return scope, PUBLIC
        if (scope, name) not in self.targets:
            code, message = UNKNOWN[scope]
            raise Fault(code, f"{message} Correct it.", next(column for column, one in NAMED.items() if one is scope))
        return scope, self.targets[scope, name]

    def buyer(self, row: Row) -> tuple[BuyerScope, UUID]:
        """Return whom a row's rule is for. Raises Fault."""
        filled = [column for column in BUYERS if row[column] is not None]
        if len(filled) > 1:
            message = "A row is for a customer, a company or a group; leave the others empty."
            raise Fault("BUYER_TWICE", message, filled[1])
        if not filled:
            return BuyerScope.EVERYONE, PUBLIC
        given = row[filled[0]]
        if filled[0] == "group" and given not in self.groups:
            raise Fault("GROUP_NOT_FOUND", f"There is no group {given}; create it, or correct the code.", "group")
        return BUYERS[filled[0]], self.groups[given] if filled[0] == "group" else given

    def all_of(self, rows: Sequence[Row]) -> tuple[set[Pair], set[UUID]]:
        """Return everything that good rows are about, and everyone they are for."""
        targets, buyers = set(), set()
        for row in rows:
            try:
                targets.add(self.target(row))
                buyers.add(self.buyer(row)[1])
            except Fault:
                continue  # it is reported when its turn comes
        return targets, buyers


class Ruled:
    """The quantity rules that rows change and stand beside, and the goods that both are about."""

    def __init__(self, rules: Collection[QuantityFacts], places: Collection[Place]) -> None:
        self._rules: defaultdict[UUID, dict[UUID, QuantityFacts]] = defaultdict(dict)
        for rule in rules:
            self._rules[rule.target_id][rule.buyer_id] = rule
        self._places: defaultdict[UUID, list[Place]] = defaultdict(list)
        for place in places:
            for id_ in place.targets:
                self._places[id_].append(place)
        self.said: dict[tuple[Scope, UUID, UUID], QuantityFacts | None] = {}

    @property
    def targets(self) -> set[UUID]:
        """Return what rules may be about that count for these goods."""
        return set(self._places)

    def of(self, target_id: UUID, buyer_id: UUID) -> QuantityFacts | None:
        """Return the rule of a buyer about some goods."""
        return self._rules[target_id].get(buyer_id)

    def put(self, target: Pair, buyer_id: UUID, rule: QuantityFacts | None) -> None:
        """Set a rule as a row says, or take it away."""
        self.said[(*target, buyer_id)] = rule
        self.stand(target[1], buyer_id, rule)

    def stand(self, target_id: UUID, buyer_id: UUID, rule: QuantityFacts | None) -> None:
        """Let a rule stand, or none."""
        if rule is not None:
            self._rules[target_id][buyer_id] = rule
        else:
            self._rules[target_id].pop(buyer_id, None)

    def leaves_some(self, target_id: UUID, scope: BuyerScope, buyer_id: UUID) -> bool:
        """Tell whether a buyer can order these goods, and all below them, in some quantity."""
        viewer = one_buyer(scope, buyer_id)
        return not any(
            impossible(limits(self._near(place, buyer_id), viewer, place)) for place in self._places[target_id]
        )

    def _near(self, place: Place, buyer_id: UUID) -> Iterator[QuantityFacts]:
        for id_ in place.targets:
            of_target = self._rules[id_]
            yield from (of_target[one] for one in {buyer_id, PUBLIC} if one in of_target)


@dataclass(slots=True)
class Changes:
    """What is to be written: rules that are new or other than before, and the ids of those to be deleted."""

    put: list[QuantityFacts]
    gone: list[UUID]


def set_limits(rows: Sequence[Row], names: Names, ruled: Ruled, report: Report, new_id: Callable[[], UUID]) -> Changes:
    """Return what the rows change of the rules; a row after which nothing could be ordered is left out."""
    changes = Changes([], [])
    for row in rows:
        try:
            scope, target_id = names.target(row)
            buyer_scope, buyer_id = names.buyer(row)
            before = ruled.of(target_id, buyer_id)
            fresh = before or QuantityFacts(new_id(), LAST + row.number, buyer_scope, buyer_id, scope, target_id)
            after = None if row["action"] == DELETE else _said(row, fresh)
            ruled.put((scope, target_id), buyer_id, after)
            if after != before and not ruled.leaves_some(target_id, buyer_scope, buyer_id):
                ruled.put((scope, target_id), buyer_id, before)
                message = "No quantity would fulfil this and the rules it stands together with; change one of them."
                raise Fault(QtyRuleImpossible.code, message)
        except Fault as fault:
            report.refuse(row, fault)
            continue
        _note(row, before, after, changes, report)
    return changes


def _said(row: Row, rule: QuantityFacts) -> QuantityFacts:
    """Return a rule once a row has had its say. Raises Fault where it contradicts itself."""
    given = {name: row[name] for name in LIMITS if name in row.given}
    if "basis" in given:
        given["basis"] = QuantityBasis(given["basis"] or QuantityBasis.VARIANT)
    after = replace(rule, **given)
    asked = {name: getattr(after, name) for name in ("buyer_scope", "scope", *LIMITS)}
    ids = {"buyer_id": _named(rule.buyer_id), "target_id": _named(rule.target_id)}
    try:
        check_quantity_rule(SetQuantityRule(**asked, **ids))
    except RuleInvalid as refusal:
        first = refusal.errors[0]
        column = first.pointer.removeprefix("/")
        raise Fault(first.code, first.message, column if column in LIMITS else None) from None
    return after


def _named(id_: UUID) -> UUID | None:
    return None if id_ == PUBLIC else id_


def _note(
    row: Row, before: QuantityFacts | None, after: QuantityFacts | None, changes: Changes, report: Report
) -> None:
    if after is None:
        report.drop(row.number, [(name, getattr(before, name)) for name in LIMITS] if before else None)
        changes.gone += [before.id] if before else []
        return
    differences: list[tuple[str, Any, Any]] = [
        (name, before and getattr(before, name), getattr(after, name))
        for name in LIMITS
        if (before is None and getattr(after, name) is not None)
        or (before and getattr(before, name) != getattr(after, name))
    ]
    if differences:
        changes.put.append(after)
    report.note(row.number, new=before is None, differences=differences)

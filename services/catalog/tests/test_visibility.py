"""Who sees which product: the nearest rule wins, whatever the order the rules are read in."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.visibility import Decision, VisibilityFact, decide
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.catalog.visibility import SightLevel

CHAIR, TABLE = UUID(int=1), UUID(int=2)
FURNITURE, SEATS, SALE, GARDEN = (UUID(int=number) for number in range(11, 15))
ANN, BOB = UUID(int=21), UUID(int=22)
DEALERS, PARTNERS, VISITORS = (UUID(int=number) for number in range(31, 34))
IN_SEATS = ((FURNITURE, SEATS),)
IN_BOTH = ((FURNITURE, SEATS), (SALE,))
KINDS = {ANN: BuyerScope.CUSTOMER, BOB: BuyerScope.CUSTOMER, PUBLIC: BuyerScope.EVERYONE}


def a_rule(buyer_id: UUID, target_id: UUID, allow: bool, number: int = 1) -> VisibilityFact:
    scope = Scope.PRODUCT if target_id in (CHAIR, TABLE) else Scope.CATEGORY
    kind = KINDS.get(buyer_id, BuyerScope.GROUP)
    return VisibilityFact(UUID(int=1000 + number), number, kind, buyer_id, scope, target_id, allow)


def sees(viewer: Viewer, *rules: VisibilityFact, paths: tuple[tuple[UUID, ...], ...] = IN_SEATS) -> Decision:
    return decide(CHAIR, paths, rules, viewer)


def a_viewer(customer_id: UUID | None, *group_ids: UUID) -> Viewer:
    return Viewer(customer_id=customer_id, group_ids=frozenset(group_ids))


DEALER = a_viewer(ANN, DEALERS)
VISITOR = a_viewer(None, VISITORS)

CASES: dict[str, tuple[list[VisibilityFact], Viewer, bool, SightLevel]] = {
    "no rule": ([], DEALER, True, SightLevel.SHOP),
    "everyone may not": ([a_rule(PUBLIC, CHAIR, False)], DEALER, False, SightLevel.EVERYONE),
    "a group's catalogue": (
        [a_rule(PUBLIC, SEATS, False), a_rule(DEALERS, SEATS, True)],
        DEALER,
        True,
        SightLevel.GROUP,
    ),
    "a group's catalogue, seen by others": (
        [a_rule(PUBLIC, SEATS, False), a_rule(DEALERS, SEATS, True)],
        VISITOR,
        False,
        SightLevel.EVERYONE,
    ),
    "a customer's deny beats the group's allow": (
        [a_rule(ANN, FURNITURE, False), a_rule(DEALERS, CHAIR, True)],
        DEALER,
        False,
        SightLevel.CUSTOMER,
    ),
    "a customer's allow beats the group's deny": (
        [a_rule(ANN, FURNITURE, True), a_rule(DEALERS, CHAIR, False)],
        DEALER,
        True,
        SightLevel.CUSTOMER,
    ),
    "another customer's rule says nothing": ([a_rule(BOB, CHAIR, False)], DEALER, True, SightLevel.SHOP),
    "a visitor's group": ([a_rule(VISITORS, CHAIR, False)], VISITOR, False, SightLevel.GROUP),
    "a rule about the product beats one about its category": (
        [a_rule(PUBLIC, SEATS, False), a_rule(PUBLIC, CHAIR, True)],
        VISITOR,
        True,
        SightLevel.EVERYONE,
    ),
    "a near category beats a far one": (
        [a_rule(PUBLIC, FURNITURE, True), a_rule(PUBLIC, SEATS, False)],
        VISITOR,
        False,
        SightLevel.EVERYONE,
    ),
    "a category it is not in": ([a_rule(PUBLIC, GARDEN, False)], VISITOR, True, SightLevel.SHOP),
    "another product": ([a_rule(PUBLIC, TABLE, False)], VISITOR, True, SightLevel.SHOP),
}


@pytest.mark.parametrize("case", CASES)
def test_the_nearest_rule_decides(case: str) -> None:
    rules, viewer, visible, level = CASES[case]

    decision = sees(viewer, *rules)

    assert (decision.visible, decision.level) == (visible, level)
    assert (decision.rule is None) is (level is SightLevel.SHOP)


def test_the_shop_may_hide_what_no_rule_speaks_of() -> None:
    assert decide(CHAIR, IN_SEATS, [], DEALER, shop_default=False) == Decision(False, SightLevel.SHOP)
    assert decide(CHAIR, IN_SEATS, [a_rule(DEALERS, CHAIR, True)], DEALER, shop_default=False).visible


def test_in_two_categories_equally_near_an_allow_wins() -> None:
    hidden, shown = a_rule(PUBLIC, SEATS, False, 1), a_rule(PUBLIC, SALE, True, 2)

    assert sees(VISITOR, hidden, shown, paths=IN_BOTH) == Decision(True, SightLevel.EVERYONE, shown)


def test_a_category_counts_by_its_nearest_way() -> None:
    straight = ((FURNITURE, SEATS), (FURNITURE,))
    rules = [a_rule(PUBLIC, FURNITURE, True, 1), a_rule(PUBLIC, SEATS, False, 2)]

    assert sees(VISITOR, *rules, paths=straight).visible


def test_among_several_groups_one_that_allows_is_enough() -> None:
    both = a_viewer(ANN, DEALERS, PARTNERS)
    near_deny, far_allow = a_rule(DEALERS, CHAIR, False, 1), a_rule(PARTNERS, FURNITURE, True, 2)

    assert sees(both, near_deny, far_allow) == Decision(True, SightLevel.GROUP, far_allow)


def test_a_group_speaks_with_its_own_nearest_rule() -> None:
    """The dealers' allow of all furniture does not count once they have a deny for the chair."""
    both = a_viewer(ANN, DEALERS, PARTNERS)
    rules = [
        a_rule(DEALERS, CHAIR, False, 1),
        a_rule(DEALERS, FURNITURE, True, 2),
        a_rule(PARTNERS, SEATS, False, 3),
    ]

    assert not sees(both, *rules).visible


ruled = st.builds(
    lambda buyer, target, allow: (buyer, target, allow),
    st.sampled_from([ANN, BOB, DEALERS, PARTNERS, VISITORS, PUBLIC]),
    st.sampled_from([CHAIR, TABLE, FURNITURE, SEATS, SALE, GARDEN]),
    st.booleans(),
)
books = st.lists(ruled, max_size=14, unique_by=lambda rule: rule[:2]).map(
    lambda rules: [a_rule(*rule, number) for number, rule in enumerate(rules, 1)]
)
viewers = st.sampled_from([DEALER, VISITOR, a_viewer(ANN, DEALERS, PARTNERS), a_viewer(None)])


@given(books, viewers, st.data())
def test_no_answer_depends_on_the_order_of_rules(
    book: list[VisibilityFact], viewer: Viewer, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(book))
    paths = data.draw(st.permutations(IN_BOTH))

    assert decide(CHAIR, paths, shuffled, viewer) == decide(CHAIR, IN_BOTH, book, viewer)


@given(books, st.sampled_from([CHAIR, SEATS, FURNITURE]))
def test_a_customers_deny_stands_against_all_groups(book: list[VisibilityFact], target: UUID) -> None:
    others = [rule for rule in book if rule.buyer_id != ANN]
    groups = a_viewer(ANN, DEALERS, PARTNERS)

    assert not sees(groups, *others, a_rule(ANN, target, False, 99), paths=IN_BOTH).visible


@given(books, viewers)
def test_rules_of_others_change_nothing(book: list[VisibilityFact], viewer: Viewer) -> None:
    own = [rule for rule in book if rule.buyer_id in {viewer.customer_id, PUBLIC} | viewer.group_ids]

    assert decide(CHAIR, IN_BOTH, own, viewer) == decide(CHAIR, IN_BOTH, book, viewer)


@given(books, viewers)
def test_one_more_group_never_hides_what_a_group_shows(book: list[VisibilityFact], viewer: Viewer) -> None:
    before = decide(CHAIR, IN_BOTH, book, viewer)
    more = a_viewer(viewer.customer_id, *viewer.group_ids, PARTNERS)

    assert before.level is not SightLevel.GROUP or not before.visible or decide(CHAIR, IN_BOTH, book, more).visible

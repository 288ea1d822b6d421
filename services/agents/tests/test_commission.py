from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.agents.domain.commission import Link, accruals, commission_basis
from services.agents.tests.samples import a_line, a_sale, euros
from shared.contracts.agents.commissions import EntryKind
from shared.contracts.catalog.price_lists import PriceMode
from shared.kernel.money import Money, UnitPrice

SELLER, MANAGER, DIRECTOR = UUID(int=1), UUID(int=2), UUID(int=3)
PERCENTS = st.decimals(0, 100, places=4)


def link(agent_id: UUID, commission: str = "0", override: str = "10", active: bool = True) -> Link:
    return Link(agent_id, active, Decimal(commission), Decimal(override))


def amounts(basis: Money, *upline: Link) -> dict[UUID, Money]:
    return {posting.agent_id: posting.amount for posting in accruals(basis, upline)}


def test_K5_each_manager_earns_a_tenth_of_the_earning_below_on_top() -> None:
    found = accruals(euros("20000.00"), [link(SELLER, "10"), link(MANAGER), link(DIRECTOR)])

    assert [(one.level, one.agent_id, one.amount) for one in found] == [
        (0, SELLER, euros("2000.00")),
        (1, MANAGER, euros("200.00")),
        (2, DIRECTOR, euros("20.00")),
    ]
    assert [one.basis for one in found] == [euros("20000.00"), euros("2000.00"), euros("200.00")]
    assert {one.kind for one in found} == {EntryKind.ACCRUED}
    assert Money.sum((one.amount for one in found), "EUR") == euros("2220.00")


def test_K8_a_commission_is_rounded_once_per_order_not_per_line() -> None:
    sale = a_sale(SELLER, "0.33", "0.33", "0.33")

    [own] = accruals(commission_basis(sale.lines, "EUR"), [link(SELLER, "5")])

    assert own.amount == euros("0.05")
    assert own.amount.allocate([line.net.amount for line in sale.lines]) == [euros(".02"), euros(".02"), euros(".01")]


def test_a_percent_is_taken_of_the_sum_of_the_lines() -> None:
    sale = a_sale(SELLER, "100.00", "200.00")

    assert amounts(commission_basis(sale.lines, "EUR"), link(SELLER, "5")) == {SELLER: euros("15.00")}


def test_lines_that_earn_no_commission_are_left_out_of_the_basis() -> None:
    lines = [a_line(euros("100.00")), a_line(euros("40.00"), commissionable=False)]

    assert commission_basis(lines, "EUR") == euros("100.00")
    assert commission_basis([], "JPY") == Money(Decimal(0), "JPY")


def test_commission_on_a_sale_at_prices_with_tax_is_of_what_is_left_without_it() -> None:
    price = UnitPrice(Decimal("9.99"), "EUR")
    gross = {"quantity": Decimal(2), "unit_price": price, "tax": euros("3.33"), "gross": euros("19.98")}
    line = a_line(euros("16.65")).model_copy(update=gross)
    sale = a_sale(SELLER).model_copy(update={"price_mode": PriceMode.GROSS, "lines": [line]})

    assert commission_basis(sale.lines, "EUR") == euros("16.65")


def test_a_suspended_sellers_sale_earns_nobody_anything() -> None:
    assert accruals(euros("100.00"), [link(SELLER, "5", active=False), link(MANAGER)]) == []
    assert accruals(euros("100.00"), []) == []


def test_a_suspended_managers_share_goes_to_nobody_and_changes_nobody_elses() -> None:
    everyone = amounts(euros("20000.00"), link(SELLER, "10"), link(MANAGER), link(DIRECTOR))
    without = amounts(euros("20000.00"), link(SELLER, "10"), link(MANAGER, active=False), link(DIRECTOR))

    assert without == {SELLER: everyone[SELLER], DIRECTOR: everyone[DIRECTOR]}


def test_each_manager_earns_by_the_override_of_their_own_group() -> None:
    found = amounts(euros("1000.00"), link(SELLER, "10", "99"), link(MANAGER, "99", "20"), link(DIRECTOR, "99", "50"))

    assert found == {SELLER: euros("100.00"), MANAGER: euros("20.00"), DIRECTOR: euros("10.00")}


def test_nothing_is_posted_for_nothing() -> None:
    assert accruals(euros("0.00"), [link(SELLER, "5"), link(MANAGER)]) == []
    assert accruals(euros("100.00"), [link(SELLER, "0"), link(MANAGER)]) == []
    assert amounts(euros("0.20"), link(SELLER, "5"), link(MANAGER)) == {SELLER: euros("0.01")}


def test_a_currency_without_cents_is_rounded_to_whole_units() -> None:
    assert amounts(Money(Decimal(1010), "JPY"), link(SELLER, "5")) == {SELLER: Money(Decimal(51), "JPY")}


@given(
    cents=st.integers(0, 10**10),
    percents=st.lists(st.tuples(PERCENTS, PERCENTS, st.booleans()), min_size=1, max_size=6),
)
def test_no_share_is_more_than_what_it_is_a_share_of(cents: int, percents: list[tuple[Decimal, Decimal, bool]]) -> None:
    basis = Money(Decimal(cents) / 100, "EUR")
    upline = [Link(UUID(int=n), active, own, over) for n, (own, over, active) in enumerate(percents)]

    found = accruals(basis, upline)

    assert found == accruals(basis, upline)
    assert all(Money.zero("EUR") < one.amount <= one.basis <= basis for one in found)
    assert all(one.amount == one.basis.percent(one.percent) for one in found)
    assert all(upline[one.level].active and upline[one.level].agent_id == one.agent_id for one in found)

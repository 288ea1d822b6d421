"""Roles are sets of permissions, fitted to the job (ID-2, ID-5)."""

import pytest

from services.identity.domain.roles import FITTING, GRANTS, fitting, permissions
from shared.contracts.actor import ActorType, Permission
from shared.contracts.identity import Role
from shared.kernel.problems import Malformed


def test_every_role_is_defined_and_fits_one_kind_of_account():
    assert set(GRANTS) == set(Role)
    assert sorted(role for roles in FITTING.values() for role in roles) == sorted(Role)


def test_an_admin_may_everything_that_is_not_ones_own():
    wanted = {p for p in Permission if p is not Permission.PUBLIC and not p.endswith("_own")}

    assert set(permissions([Role.ADMIN])) == wanted
    assert {Permission.OPERATE, Permission.EVENTS_READ, Permission.ACCOUNT_OWN} <= wanted


def test_ID2_an_order_clerk_may_cancel_an_order_but_not_write_a_price():
    granted = permissions([Role.ORDER_CLERK])

    assert Permission.ORDERS_CANCEL in granted
    assert not {Permission.PRICES_WRITE, Permission.CATALOG_WRITE, Permission.ACCOUNTS_WRITE} & set(granted)


def test_a_catalogue_manager_finds_whom_a_list_is_for_and_hears_how_far_an_import_is():
    granted = set(permissions([Role.CATALOGUE_MANAGER]))

    assert {Permission.CUSTOMERS_READ, Permission.EVENTS_READ, Permission.CATALOG_READ} <= granted
    assert not {Permission.CUSTOMERS_WRITE, Permission.ORDERS_READ, Permission.ORDERS_PLACE} & granted


@pytest.mark.parametrize("role", [Role.AGENT, Role.CUSTOMER])
def test_agents_and_customers_reach_their_own_only(role):
    assert all(permission.endswith("own") for permission in permissions([role]))


@pytest.mark.parametrize("role", list(Role))
def test_everyone_signed_in_may_change_their_own_account(role):
    assert Permission.ACCOUNT_OWN in permissions([role])


def test_two_roles_add_up():
    both = permissions([Role.ACCOUNTANT, Role.CATALOGUE_MANAGER])

    assert {Permission.COMMISSIONS_READ, Permission.PRICES_WRITE} <= set(both)
    assert both == sorted(set(both))


def test_a_role_named_twice_is_held_once():
    assert fitting(ActorType.STAFF, [Role.ADMIN, Role.ACCOUNTANT, Role.ADMIN]) == [Role.ADMIN, Role.ACCOUNTANT]


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (ActorType.AGENT, Role.ADMIN),
        (ActorType.AGENT, Role.CUSTOMER),
        (ActorType.CUSTOMER, Role.AGENT),
        (ActorType.CUSTOMER, Role.ORDER_CLERK),
        (ActorType.STAFF, Role.AGENT),
        (ActorType.STAFF, Role.CUSTOMER),
        (ActorType.VISITOR, Role.CUSTOMER),
        (ActorType.SERVICE, Role.ADMIN),
    ],
)
def test_a_role_that_does_not_fit_is_named(kind, role):
    with pytest.raises(Malformed) as refusal:
        fitting(kind, [role])

    assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/roles/0", "ROLE_NOT_FITTING")]

"""What the tests of customers stand on: a clerk's desk at which requests are carried out one after the other."""

import pytest

from shared.contracts.actor import Permission
from shared.contracts.agents.agents import AgentNotFound
from shared.testing import answering, staff
from shared.testing.desk import Desk, WorkAs
from shared.testing.fixtures import *  # noqa: F403

CLERK = staff(Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE)


@pytest.fixture
def desk(work_as: WorkAs) -> Desk:
    return Desk(work_as, CLERK, answering(GetSeller=AgentNotFound()))

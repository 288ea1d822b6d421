from datetime import UTC, datetime, timedelta
from decimal import Decimal

from services.orders import repository, settings
from services.orders.models import TaxRate
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import euros
from shared.contracts.catalog.products import TaxCategory
from shared.messaging.work import UnitOfWork

NEW_YEAR_IN_PARIS = datetime(2013, 12, 31, 23, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


async def test_the_french_rates_are_in_force_from_their_first_moment(work: UnitOfWork) -> None:
    assert await repository.rates(work.session, "FR", NEW_YEAR_IN_PARIS - A_MOMENT) == {}
    assert await repository.rates(work.session, "FR", NEW_YEAR_IN_PARIS) == {
        TaxCategory.STANDARD: Decimal(20),
        TaxCategory.REDUCED: Decimal("5.5"),
        TaxCategory.ZERO: Decimal(0),
    }


async def test_a_rate_ends_as_the_next_begins(work: UnitOfWork) -> None:
    change = datetime(2027, 1, 1, tzinfo=UTC)
    old = TaxRate(country="LU", category=TaxCategory.STANDARD, valid_from=NEW_YEAR_IN_PARIS, percent=Decimal(16))
    new = TaxRate(country="LU", category=TaxCategory.STANDARD, valid_from=change, percent=Decimal(17))
    old.valid_to = change
    work.session.add_all([old, new])
    await work.session.flush()

    assert await repository.rates(work.session, "LU", change - A_MOMENT) == {TaxCategory.STANDARD: Decimal(16)}
    assert await repository.rates(work.session, "LU", change) == {TaxCategory.STANDARD: Decimal(17)}


async def test_the_rate_of_the_sellers_country_applies_as_it_is_when_the_order_is_placed(desk: Desk) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    work = desk.work_as()
    work.session.add(
        TaxRate(country="FR", category=TaxCategory.STANDARD, valid_from=soon, valid_to=None, percent=Decimal(21))
    )
    await work.session.commit()

    assert settings.current().seller_country == "FR"
    assert (await desk.place(("chair", 2))).tax == euros("20")

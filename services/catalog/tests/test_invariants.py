"""Drift is told in a sentence, each kind by its own check."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.tests.samples import Shop, drift
from services.catalog.tests.test_jobs import holding, let_pass


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        ("UPDATE stocks SET on_hand = 11", "chair has 11.000 on hand, its movements add up to 10.000"),
        ("UPDATE stocks SET reserved = 2", "chair has 2.000 reserved, its orders hold 3.000"),
        ("UPDATE holds SET state = 'released'", "chair has 3.000 reserved, its orders hold 0"),
    ],
)
async def test_stock_that_does_not_add_up_is_told(
    shop: Shop, connection: AsyncConnection, tampering: str, sentence: str
) -> None:
    await holding(shop, 3)
    assert await drift(connection) == []

    await connection.execute(text(tampering))

    assert await drift(connection) == [sentence]


async def test_a_hold_nobody_sweeps_is_told_after_ten_minutes(shop: Shop, connection: AsyncConnection) -> None:
    (quote,) = await holding(shop, 3)

    await let_pass(connection, quote, minutes=14)
    assert await drift(connection) == []
    await let_pass(connection, quote, minutes=2)

    assert await drift(connection) == [f"the hold of order {quote.order_id} should have been swept"]


async def test_the_database_itself_promises_nothing_twice(shop: Shop, connection: AsyncConnection) -> None:
    await holding(shop, 3)

    with pytest.raises(IntegrityError, match="reserved_within_on_hand"):
        await connection.execute(text("UPDATE stocks SET reserved = 11"))

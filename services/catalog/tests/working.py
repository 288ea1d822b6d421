"""Doing the jobs that a shop has left for later, as the job runner would."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.jobs import price_changes, price_history
from services.catalog.tests.samples import Shop
from shared.contracts.actor import service_actor
from shared.kernel import clock
from shared.messaging.handler import Handler
from shared.messaging.work import Job

HANDLERS: dict[str, tuple[type[Job], Handler]] = {
    "RecordPublicPrices": (price_history.RecordPublicPrices, price_history.record_public_prices),
    "FollowMarkets": (price_history.FollowMarkets, price_history.follow_markets),
    "ChangePrices": (price_changes.ChangePrices, price_changes.change_prices),
}
DUE = text("SELECT id, kind, payload FROM jobs WHERE kind = ANY (:kinds) AND run_after <= :at ORDER BY run_after, id")


async def does_its_jobs(shop: Shop, connection: AsyncConnection, at: datetime | None = None) -> int:
    """Do what is due by a moment, or an hour from now, and what that leaves, too; return how many jobs that were."""
    done, at = 0, at or clock.now() + timedelta(hours=1)
    while due := (await connection.execute(DUE, {"kinds": list(HANDLERS), "at": at})).all():
        for row in due:
            await _do(shop, row)
            await connection.execute(text("DELETE FROM jobs WHERE id = :id"), {"id": row.id})
            done += 1
    return done


async def _do(shop: Shop, row: Any) -> None:
    kind, function = HANDLERS[row.kind]
    await shop(function, kind.model_validate(row.payload), service_actor("catalog"))


async def paid(connection: AsyncConnection, sku: str, currency: str = "EUR") -> list[tuple[datetime, str]]:
    """Return what everyone paid for a SKU, and since when."""
    steps = text("""
        SELECT at, amount FROM public_prices JOIN variants ON variants.id = variant_id
        WHERE sku = :sku AND currency = :currency ORDER BY at, public_prices.id
    """)
    rows = await connection.execute(steps, {"sku": sku, "currency": currency})
    return [(row.at, f"{row.amount:.2f}") for row in rows]

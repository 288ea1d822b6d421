"""What catalog does by itself, from time to time."""

from services.catalog.repository import holds
from shared.contracts.orders.orders import FindExistingOrders
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Job, Work


class SweepHolds(Job, every=30):
    """Frees what placements held and no order came to need."""


@handler
async def sweep_holds(job: SweepHolds, work: Work, ask: Ask) -> None:
    """Ask orders about every hold past its end: those that stand keep their goods, the others give them back.

    While orders cannot answer, nothing is freed: the question fails, and so does this run.
    """
    async with work.look() as session:
        ended = await holds.to_sweep(session)
    if not ended:
        return
    standing = set((await ask(FindExistingOrders(ids=list(ended)))).ids)
    await holds.allocate(work.session, standing)
    await holds.release(work.session, set(ended) - standing)

"""What catalog does by itself about holds and allocations."""

from services.catalog.handlers.recording.stock import keep_goods, release
from services.catalog.repository import allocations, holds
from shared.contracts.orders.standing import FindExistingOrders, FindOrdersToShip, FindUnshippedOrders
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Job, Work


class SweepHolds(Job, every=30):
    """Frees what placements held and no order came to need."""


@handler
async def sweep_holds(job: SweepHolds, work: Work, ask: Ask) -> None:
    async with work.look() as session:
        ended = await holds.to_sweep(session)
    if not ended:
        return
    # While orders cannot answer, nothing is freed: the question fails, and so does this run.
    standing = set((await ask(FindExistingOrders(ids=list(ended)))).ids)
    await keep_goods(work, standing)
    await release(work, set(ended) - standing)


class CheckAllocations(Job, every=30):
    """Asks whether what is kept for orders is still needed, a page at a time, round and round."""


@handler
async def check_allocations(job: CheckAllocations, work: Work, ask: Ask) -> None:
    async with work.look() as session:
        asked = await allocations.next_page(session)
    needed = (await ask(FindUnshippedOrders(ids=list(asked)))).ids if asked else []
    # Nothing is given back: goods follow the order's own events, and where those went missing people decide.
    await allocations.note(work.session, asked, needed)


class CheckOrders(Job, every=30):
    """Asks which orders are to be shipped and sees whether their goods are kept, a page at a time, round and round."""


@handler
async def check_orders(job: CheckOrders, work: Work, ask: Ask) -> None:
    async with work.look() as session:
        after = await allocations.reached(session)
    to_ship = (await ask(FindOrdersToShip(after=after))).ids
    # Nothing is taken here either: an order without its goods is for people to decide, and they hear of it as drift.
    await allocations.note_missed(work.session, after, to_ship)

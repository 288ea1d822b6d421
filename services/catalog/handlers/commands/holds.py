"""Holds: one question prices the lines of an order and keeps the goods for it."""

import hashlib
from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.dealings import check_may_order, latitude, viewer
from services.catalog.domain.holds import HoldState
from services.catalog.domain.quotes import quote
from services.catalog.domain.stock import MOST, shortage, sums
from services.catalog.handlers.asking import complete, seller_id
from services.catalog.repository import holds, prices, stock
from services.catalog.repository.holds import Claim, Held
from shared.contracts.catalog.stock import HeldLine, HeldQuote, HoldItems, HoldReleased, OutOfStock, ReleaseHold
from shared.contracts.orders.orders import OrderNotFound
from shared.contracts.values import Done
from shared.kernel.problems import IdempotencyMismatch
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import UnitOfWork, Work


@handler
async def hold_items(command: HoldItems, work: Work, ask: Ask) -> HeldQuote:
    async with work.look() as session:
        known, held = await holds.dealing_and_hold(
            session, command.customer_id, seller_id(work.actor), command.order_id
        )
    if held is not None:
        return _as_answered(command, held, work)
    dealing = await complete(known, command.customer_id, work, ask)
    check_may_order(work.actor, dealing)
    buyer = viewer(work.actor, dealing)
    offers = await prices.offers(work.session, {line.sku for line in command.lines}, buyer.counting, command.currency)
    lines = quote(command.lines, offers, buyer, command.currency, latitude(work.actor, dealing.seller))
    return await _hold(command, lines, work)


@handler
async def release_hold(command: ReleaseHold, work: Work) -> Done:
    if not await holds.leave_tombstone(work.session, command.order_id, work.actor.key):
        held = await holds.find(work.session, command.order_id)
        if held is not None and held.holder not in (None, work.actor.key):
            raise OrderNotFound
        await holds.release(work.session, [command.order_id])
    return Done(id=command.order_id)


async def _hold(command: HoldItems, lines: list[HeldLine], work: UnitOfWork) -> HeldQuote:
    """Claim the order's hold, then promise its goods; stock rows are locked last and for as short as can be."""
    wanted = sums((line.variant_id, line.quantity) for line in lines)
    if max(wanted.values()) > MOST:
        raise await _shortage(lines, wanted, wanted.keys(), work)
    written = [line.model_dump(mode="json") for line in lines]
    claim = Claim(command.order_id, work.actor.key, _digest(command), written)
    expires_at = await holds.claim(work.session, claim, wanted)
    if expires_at is None:
        twin = await holds.find(work.session, command.order_id)
        assert twin is not None
        return _as_answered(command, twin, work)
    reserved = await stock.reserve(work.session, wanted)
    if len(reserved) < len(wanted):
        raise await _shortage(lines, wanted, wanted.keys() - reserved, work)
    return HeldQuote(order_id=command.order_id, lines=lines, expires_at=expires_at)


async def _shortage(
    lines: list[HeldLine], wanted: Mapping[UUID, Decimal], short: Collection[UUID], work: UnitOfWork
) -> OutOfStock:
    return shortage(lines, wanted, await stock.available(work.session, short))


def _as_answered(command: HoldItems, held: Held, work: UnitOfWork) -> HeldQuote:
    """Return the answer this very request got before, unchanged by what prices have become since."""
    if held.holder not in (None, work.actor.key):
        raise OrderNotFound
    if held.state is HoldState.RELEASED or held.quote is None:
        raise HoldReleased
    if held.digest != _digest(command):
        raise IdempotencyMismatch("This order already holds other goods; place the other order with a new key.")
    lines = [HeldLine.model_validate(line) for line in held.quote]
    return HeldQuote(order_id=command.order_id, lines=lines, expires_at=held.expires_at)


def _digest(command: HoldItems) -> bytes:
    return hashlib.sha256(command.model_dump_json().encode()).digest()

"""Holds: one question prices the lines of an order and keeps the goods for it."""

import hashlib
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from services.catalog.domain.carts import check_placeable
from services.catalog.domain.dealings import check_may_order, check_shop_sells, latitude
from services.catalog.domain.holds import HoldState
from services.catalog.domain.stock import MOST, shortage, sums
from services.catalog.handlers.asking import Look, complete, seller_id, terms_by
from services.catalog.handlers.loading.carts import cart_of
from services.catalog.handlers.recording.stock import release, reserve
from services.catalog.handlers.views.storefront import held_line
from services.catalog.repository import holds, rulebook, stock
from services.catalog.repository.dealings import Asked
from services.catalog.repository.holds import Claim, Held
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.rules import Availability
from shared.contracts.catalog.stock import HeldLine, HeldQuote, HoldItems, HoldReleased, OutOfStock, ReleaseHold
from shared.contracts.orders.orders import OrderNotFound
from shared.contracts.values import Done
from shared.kernel.money import Money
from shared.kernel.problems import IdempotencyMismatch
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import UnitOfWork, Work


class Answer(NamedTuple):
    """What a hold is answered, but for when it ends."""

    lines: list[HeldLine]
    surcharge: Money | None
    price_mode: PriceMode
    market: str | None

    def kept(self) -> dict[str, Any]:
        """Return what of it is kept with the hold, as JSON has it."""
        fee = self.surcharge and {"amount": str(self.surcharge.amount), "currency": self.surcharge.currency}
        lines = [line.model_dump(mode="json", exclude_none=True) for line in self.lines]
        return self._asdict() | {"lines": lines, "surcharge": fee}


@handler
async def hold_items(command: HoldItems, work: Work, ask: Ask) -> HeldQuote:
    look = Look(command.customer_id, command.currency, command.market)
    asked = Asked(command.customer_id, seller_id(work.actor), command.currency, command.market, work.as_of)
    async with work.look() as session:
        known, held = await holds.dealing_and_hold(session, asked, command.order_id)
    if held is not None:
        return _as_answered(command, held, work)
    dealing = await complete(known, asked, work, ask)
    check_may_order(work.actor, dealing)
    book = await rulebook.at(work.session, dealing.stamp)
    check_shop_sells(book)
    terms, sight = terms_by(dealing, book, look, work)
    loaded = await cart_of(command.lines, terms, sight, latitude(work.actor, dealing.seller), work, hold=True)
    check_placeable(loaded.cart)
    lines = [held_line(line, loaded.offers[line.asked.sku], len(command.lines)) for line in loaded.cart.lines]
    exact = terms.shown_stock.how is Availability.EXACT
    answer = Answer(lines, loaded.cart.surcharge, terms.mode, terms.viewer.market)
    return await _hold(command, answer, work, exact=exact)


@handler
async def release_hold(command: ReleaseHold, work: Work) -> Done:
    if not await holds.leave_tombstone(work.session, command.order_id, work.actor.key):
        held = await holds.find(work.session, command.order_id)
        if held is not None and held.holder not in (None, work.actor.key):
            raise OrderNotFound
        await release(work, [command.order_id])
    return Done(id=command.order_id)


async def _hold(command: HoldItems, answer: Answer, work: UnitOfWork, *, exact: bool) -> HeldQuote:
    """Claim the order's hold, then promise its goods; stock rows are locked last and for as short as can be.

    `exact`: whether a refusal may tell how many are left.
    """
    wanted = sums((line.variant_id, line.quantity) for line in answer.lines)
    if max(wanted.values()) > MOST:
        raise await _shortage(answer.lines, wanted, wanted.keys(), work, exact=exact)
    claim = Claim(command.order_id, work.actor.key, command.customer_id, _digest(command), answer.kept())
    expires_at = await holds.claim(work.session, claim, wanted)
    if expires_at is None:
        twin = await holds.find(work.session, command.order_id)
        assert twin is not None
        return _as_answered(command, twin, work)
    reserved = await reserve(work, wanted)
    if len(reserved) < len(wanted):
        raise await _shortage(answer.lines, wanted, wanted.keys() - reserved, work, exact=exact)
    return HeldQuote(order_id=command.order_id, expires_at=expires_at, **answer._asdict())


async def _shortage(
    lines: list[HeldLine], wanted: Mapping[UUID, Decimal], short: Collection[UUID], work: UnitOfWork, *, exact: bool
) -> OutOfStock:
    return shortage(lines, wanted, await stock.available(work.session, short), exact=exact)


def _as_answered(command: HoldItems, held: Held, work: UnitOfWork) -> HeldQuote:
    """Return the answer this very request got before, unchanged by what prices have become since."""
    if held.holder not in (None, work.actor.key):
        raise OrderNotFound
    if held.state is HoldState.RELEASED or held.quote is None:
        raise HoldReleased
    if held.digest != _digest(command):
        raise IdempotencyMismatch("This order already holds other goods; place the other order with a new key.")
    # A hold made before there were surcharges kept its lines alone; one from before gross prices has net ones.
    kept = {"lines": held.quote} if isinstance(held.quote, list) else held.quote
    return HeldQuote.model_validate({"order_id": command.order_id, "expires_at": held.expires_at, **kept})


def _digest(command: HoldItems) -> bytes:
    return hashlib.sha256(command.model_dump_json().encode()).digest()

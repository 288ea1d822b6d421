"""Changes of what is on hand."""

from services.catalog.domain.stock import MovementKind, received
from services.catalog.handlers.views import stock_view
from services.catalog.models import Stock, StockMovement, Variant
from services.catalog.repository import products, stock
from shared.contracts.catalog.stock import ReceiveStock, StockChanged, StockSnapshot, StockView
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def receive_stock(command: ReceiveStock, work: Work) -> StockView:
    id_ = work.made_id(ReceiveStock.subject)
    if made := await work.made_before(StockMovement, id_):
        variant = await work.session.get_one(Variant, made.variant_id)
        return stock_view(variant.sku, await work.session.get_one(Stock, made.variant_id))
    variant = await products.variant(work.session, command.sku)
    row = await stock.locked_row(work.session, variant.id)
    row.on_hand = received(row.on_hand, command.quantity)
    work.session.add(
        StockMovement(
            id=id_,
            variant_id=variant.id,
            quantity=command.quantity,
            kind=MovementKind.RECEIPT,
            reference=command.reference,
            actor=work.actor.ref().model_dump(mode="json"),
            request_digest=work.digest,
        )
    )
    view = stock_view(variant.sku, row)
    snapshot = StockSnapshot(id=row.variant_id, **view.model_dump(include={"version", "sku", "on_hand", "reserved"}))
    work.emit(StockChanged(stock=snapshot, reason=MovementKind.RECEIPT))
    return view

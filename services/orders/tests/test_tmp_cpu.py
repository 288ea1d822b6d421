import time
from services.orders import repository
from services.orders.tests.samples import *
from services.orders.handlers.commands.records import new_order, remember
from services.orders.handlers.commands.sales import sale_to
from shared.contracts.orders.orders import *
from shared.contracts.catalog.stock import *
from datetime import datetime, UTC


async def test_cpu(open_desk):
    for n in range(30):
        await open_desk.place(("chair", 2), ("book", 1), ("pen", 3), actor=NANCY)
    T = {}

    def lap(name, t):
        now = time.process_time()
        T[name] = T.get(name, 0) + now - t
        return time.process_time()

    N = 200
    for i in range(N):
        cmd = PlaceOrder(customer_id=BOB.id, lines=[NewLine(sku=s, quantity=2) for s in ("chair", "book", "pen")])
        work = open_desk.work_as(NANCY, request_key=str(i))
        t = time.process_time()
        async with work.look() as s:
            t = lap("open look", t)
            await repository.parties(s, new_id(), BOB.id, NANCY.id)
            t = lap("parties", t)
            await repository.rates(s, "FR", datetime.now(UTC))
            t = lap("rates", t)
        t = lap("close look", t)
        sale = await sale_to(BOB.id, work, open_desk.ask)
        t = lap("sale_to", t)
        hold = HoldItems(
            order_id=sale.order_id,
            customer_id=BOB.id,
            currency="EUR",
            lines=[HoldLine.model_validate(l) for l in cmd.lines],
        )
        t = lap("hold", t)
        q = held(hold)
        t = time.process_time()
        o = new_order(cmd, sale, q, work)
        t = lap("new_order", t)
        work.session.add(o)
        t = lap("add", t)
        await work.session.flush()
        t = lap("flush", t)
        remember(o, "order", None, o.status, work)
        t = lap("remember", t)
        snap = OrderSnapshot.model_validate(o)
        t = lap("snapshot", t)
        work.emit(OrderConfirmed(order=snap))
        t = lap("emit", t)
        v = OrderView.model_validate(o)
        t = lap("view", t)
        v.model_dump_json()
        t = lap("dump", t)
        await work.session.flush()
        t = lap("flush2", t)
        await work.session.commit()
        t = lap("commit", t)
        await work.session.close()
        t = lap("close", t)
    print()
    for k, v in T.items():
        print(f"{k:12} {v / N * 1000:.2f} ms")
    print(sum(T.values()) / N * 1000)

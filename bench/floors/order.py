"""The lean order: one transaction, row by row, that keeps what any shop must keep of an order and nothing else."""

import random
from typing import Any
from uuid import UUID, uuid4

LINES = 3
VARIANTS = 1000
SEEN = "SELECT reply FROM inbox WHERE key = $1"
REMEMBER = "INSERT INTO inbox (key, digest, reply) VALUES ($1, $2, $3)"
PRICES = "SELECT variant, amount FROM prices WHERE variant = ANY($1)"
RESERVE = "UPDATE stocks SET reserved = reserved + 1 WHERE variant = $1 AND on_hand - reserved >= 1"
ORDER = "INSERT INTO orders (id, customer_id, total) VALUES ($1, $2, $3)"
LINE = "INSERT INTO lines (order_id, position, variant, quantity, net) VALUES ($1, $2, $3, 1, $4)"
TELL = "INSERT INTO outbox (order_id, body, told) VALUES ($1, $2, $3)"
RING = "NOTIFY outbox"
CUSTOMER = UUID(int=1)
BODY = b'{"order":"' + b"x" * 1500 + b'"}'


async def place12(connection: Any) -> None:
    """Place an order of three lines: 11 statements between BEGIN and COMMIT."""
    key, order_id = uuid4().bytes, uuid4()
    wanted = sorted(random.sample(range(1, VARIANTS + 1), LINES))
    async with connection.transaction():
        await connection.fetchval(SEEN, key)
        amounts = dict(await connection.fetch(PRICES, wanted))
        for variant in wanted:
            await connection.execute(RESERVE, variant)
        await connection.execute(ORDER, order_id, CUSTOMER, sum(amounts.values()))
        for position, variant in enumerate(wanted):
            await connection.execute(LINE, order_id, position, variant, amounts[variant])
        await connection.execute(TELL, order_id, BODY, False)
        await connection.execute(REMEMBER, key, key, BODY)


async def tell(connection: Any) -> None:
    """Commit an order and the event that tells of it, and ring for the relay."""
    order_id = uuid4()
    async with connection.transaction():
        await connection.execute(ORDER, order_id, CUSTOMER, 1)
        await connection.execute(TELL, order_id, BODY, True)
        await connection.execute(RING)

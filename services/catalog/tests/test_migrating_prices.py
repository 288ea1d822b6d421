"""Prices entered before they had a mode are without tax, and stay so when the release before comes back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

NAME = "catalog_modes"
VARIANT, PROMOTION = UUID(int=2), UUID(int=3)
BEFORE = (
    "INSERT INTO products (id, code, name, description, status)"
    f" VALUES ('{UUID(int=1)}', 'chair', 'Chair', '', 'active')",
    "INSERT INTO variants (id, product_id, position, sku, name, tax_category, commissionable)"
    f" VALUES ('{VARIANT}', '{UUID(int=1)}', 0, 'chair', 'Chair', 'standard', true)",
    f"INSERT INTO base_prices (variant_id, currency, amount, floor) VALUES ('{VARIANT}', 'EUR', 100, 80)",
    f"INSERT INTO public_prices (variant_id, currency, amount, at) VALUES ('{VARIANT}', 'EUR', 100, now())",
    "INSERT INTO promotions (id, code, name, enabled, kind, value, currency, scope)"
    f" VALUES ('{PROMOTION}', 'sale', 'Sale', true, 'amount_off', 5, 'EUR', 'all')",
    f"INSERT INTO group_terms (group_id) VALUES ('{UUID(int=4)}')",
)
OF_A_MARKET = (
    "INSERT INTO promotions (id, code, name, enabled, kind, value, scope, markets)"
    f" VALUES ('{UUID(int=5)}', 'abroad', 'Abroad', true, 'percent_off', 5, 'all', '{{de}}')"
)
MEANWHILE = (
    f"INSERT INTO base_prices (variant_id, currency, mode, amount) VALUES ('{VARIANT}', 'EUR', 'gross', 120)",
    "INSERT INTO public_prices (variant_id, currency, mode, amount, at)"
    f" VALUES ('{VARIANT}', 'EUR', 'gross', 120, now())",
    "UPDATE promotions SET mode = 'gross'",
    *(
        "INSERT INTO price_changes (id, currency, mode, from_mode, kind, value, dry_run, state, made_by, total)"
        f" VALUES (gen_random_uuid(), 'EUR', {modes}, 'percent', 20, false, 'waiting', '{{}}', 1)"
        for modes in ("'net', NULL", "'gross', NULL", "'gross', 'net'", "'net', 'gross'")
    ),
    *(
        "INSERT INTO holds (order_id, state, digest, quote, expires_at)"
        f" VALUES (gen_random_uuid(), 'held', '1', '{quote}', now())"
        for quote in ("[]", '{"lines": []}', '{"price_mode": "net"}', '{"price_mode": "gross"}')
    ),
)


async def test_prices_are_kept_as_those_without_tax(postgres: Any) -> None:
    await postgres.provision([NAME])
    engine = create_async_engine(postgres.url(f"{NAME}_owner"), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(kept_there_and_back)
    await engine.dispose()


def kept_there_and_back(connection: Connection) -> None:
    config = Config("alembic.ini", ini_section="catalog")
    config.attributes["connection"] = connection
    command.upgrade(config, "catalog_0004")
    told(connection, BEFORE)

    command.upgrade(config, "catalog_0005")

    assert amounts(connection, "SELECT mode, amount::int, floor::int FROM base_prices") == [("net", 100, 80)]
    assert amounts(connection, "SELECT mode, amount::int FROM public_prices") == [("net", 100)]
    assert amounts(connection, "SELECT mode, enabled FROM promotions") == [("net", True)]
    assert amounts(connection, "SELECT price_mode FROM group_terms") == [(None,)]
    assert amounts(connection, "SELECT markets_since FROM rule_book UNION ALL SELECT now() FROM jobs") == [(None,)]
    command.downgrade(config, "catalog_0004")
    told(connection, [OF_A_MARKET])
    command.upgrade(config, "catalog_0005")
    assert amounts(connection, "SELECT markets_since > now(), kind FROM rule_book, jobs") == [(True, "FollowMarkets")]
    told(connection, MEANWHILE)

    command.downgrade(config, "catalog_0004")

    assert amounts(connection, "SELECT currency, amount::int FROM base_prices") == [("EUR", 100)]
    assert amounts(connection, "SELECT currency, amount::int FROM public_prices") == [("EUR", 100)]
    assert amounts(connection, "SELECT kind, enabled FROM promotions ORDER BY id") == [
        ("amount_off", False),
        ("percent_off", True),
    ]
    assert amounts(connection, "SELECT state FROM price_changes ORDER BY state DESC") == [
        ("waiting",),
        *[("failed",)] * 3,
    ]
    assert amounts(connection, "SELECT quote FROM holds WHERE digest IS NULL") == [({"price_mode": "gross"},)]
    assert amounts(connection, "SELECT kind FROM jobs") == []


def told(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))


def amounts(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]

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
MEANWHILE = (
    f"INSERT INTO base_prices (variant_id, currency, mode, amount) VALUES ('{VARIANT}', 'EUR', 'gross', 120)",
    "INSERT INTO public_prices (variant_id, currency, mode, amount, at)"
    f" VALUES ('{VARIANT}', 'EUR', 'gross', 120, now())",
    f"UPDATE promotions SET mode = 'gross' WHERE id = '{PROMOTION}'",
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
    told(connection, MEANWHILE)

    command.downgrade(config, "catalog_0004")

    assert amounts(connection, "SELECT currency, amount::int FROM base_prices") == [("EUR", 100)]
    assert amounts(connection, "SELECT currency, amount::int FROM public_prices") == [("EUR", 100)]
    assert amounts(connection, "SELECT enabled FROM promotions") == [(False,)]


def told(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))


def amounts(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]

"""Prices with tax beside those without; a large catalogue is browsed by what is remembered of it.

Revision ID: catalog_0005
Revises: catalog_0004
"""

from collections.abc import Sequence

from alembic import op

from shared.database.migrations import append_only, execute_all

revision: str = "catalog_0005"
down_revision: str | None = "catalog_0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What was entered before prices had a mode is without tax.
MODES = (
    "ALTER TABLE base_prices ADD mode varchar(32) NOT NULL DEFAULT 'net'",
    "ALTER TABLE base_prices DROP CONSTRAINT pk_base_prices",
    "ALTER TABLE base_prices ADD CONSTRAINT pk_base_prices PRIMARY KEY (variant_id, currency, mode)",
    "ALTER TABLE public_prices ADD mode varchar(32) NOT NULL DEFAULT 'net'",
    "DROP INDEX ix_public_prices_history",
    "CREATE INDEX ix_public_prices_history ON public_prices (variant_id, currency, mode, at, id)",
    "ALTER TABLE promotions ADD mode varchar(32) NOT NULL DEFAULT 'net'",
    "ALTER TABLE group_terms ADD price_mode varchar(32)",
    "ALTER TABLE price_changes ADD mode varchar(32) NOT NULL DEFAULT 'net', ADD from_mode varchar(32)",
)
# The release before takes every price for one without tax: those with it must not be left to it.
WITHOUT_MODES = (
    """UPDATE price_changes SET state = 'failed', finished_at = now(), trouble = 'It was about prices with tax.'
        WHERE state IN ('waiting', 'running') AND (mode <> 'net' OR from_mode IS NOT NULL)""",
    # Asked for again, a hold of such prices is refused in place of having tax put on top of them.
    "UPDATE holds SET digest = NULL WHERE state = 'held' AND quote ->> 'price_mode' <> 'net'",
    "ALTER TABLE price_changes DROP mode, DROP from_mode",
    "ALTER TABLE group_terms DROP price_mode",
    "UPDATE promotions SET enabled = false WHERE mode <> 'net' AND kind = 'amount_off'",
    "ALTER TABLE promotions DROP mode",
    "DELETE FROM public_prices WHERE mode <> 'net'",
    "DROP INDEX ix_public_prices_history",
    "ALTER TABLE public_prices DROP mode",
    "CREATE INDEX ix_public_prices_history ON public_prices (variant_id, currency, at, id)",
    "DELETE FROM base_prices WHERE mode <> 'net'",
    "ALTER TABLE base_prices DROP CONSTRAINT pk_base_prices",
    "ALTER TABLE base_prices DROP mode",
    "ALTER TABLE base_prices ADD CONSTRAINT pk_base_prices PRIMARY KEY (variant_id, currency)",
)

# Whoever changes products takes a stamp that nobody else is renewing at this moment, and makes one where there is none:
# no change waits for another, and a reader knows of each that was committed.
BROWSING = (
    "CREATE TABLE catalogue_changes ("
    "id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_catalogue_changes PRIMARY KEY, "
    "stamp uuid NOT NULL DEFAULT gen_random_uuid())",
    """CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE catalogue_changes SET stamp = gen_random_uuid()
            WHERE id = (SELECT id FROM catalogue_changes ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
        IF NOT FOUND THEN
            INSERT INTO catalogue_changes DEFAULT VALUES;
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON products
        FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()""",
    "CREATE INDEX ix_products_attributes ON products USING gin (attributes jsonb_path_ops)",
    "CREATE INDEX ix_products_from ON products (published_from) WHERE published_from IS NOT NULL",
    "CREATE INDEX ix_products_until ON products (published_until) WHERE published_until IS NOT NULL",
)
NOT_BROWSING = (
    "DROP INDEX ix_products_until",
    "DROP INDEX ix_products_from",
    "DROP INDEX ix_products_attributes",
    "DROP TRIGGER catalogue_changed ON products",
    "DROP FUNCTION catalogue_changed()",
    "DROP TABLE catalogue_changes",
)

# What everyone of a market paid where it is another price than in the others; of goods that perish nothing is told.
MARKETS = (
    "CREATE TABLE market_prices ("
    "id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_market_prices PRIMARY KEY, "
    "variant_id uuid NOT NULL CONSTRAINT fk_market_prices_variant_id REFERENCES variants (id) ON DELETE CASCADE, "
    "market varchar(40) NOT NULL, currency varchar(3) NOT NULL, mode varchar(32) NOT NULL, "
    "amount numeric(18, 4), at timestamptz NOT NULL)",
    "CREATE INDEX ix_market_prices_history ON market_prices (variant_id, market, currency, mode, at, id)",
    "ALTER TABLE products ADD perishable boolean NOT NULL DEFAULT false",
    # What was paid so far in the markets that there are is not known; from the end of a job on it is, until then never.
    "ALTER TABLE rule_book ADD markets_since timestamptz",
    """UPDATE rule_book SET markets_since = '9999-01-01Z' WHERE EXISTS (
        SELECT FROM price_list_targets WHERE kind = 'market'
        UNION ALL SELECT FROM promotions WHERE markets <> '{}')""",
    """INSERT INTO jobs (kind, key, payload)
        SELECT 'FollowMarkets', 'FollowMarkets:first', '{}' FROM rule_book WHERE markets_since IS NOT NULL""",
)
NO_MARKETS = (
    "DELETE FROM jobs WHERE kind = 'FollowMarkets'",
    "ALTER TABLE rule_book DROP markets_since",
    "ALTER TABLE products DROP perishable",
    "DROP TABLE market_prices",
)

# What rows of a file that was only checked would change, for those that follow them.
FORESEEN = (
    "CREATE TABLE import_foreseen ("
    "import_id uuid NOT NULL CONSTRAINT fk_import_foreseen_import_id REFERENCES import_runs (id) ON DELETE CASCADE, "
    "about uuid NOT NULL, said jsonb NOT NULL, CONSTRAINT pk_import_foreseen PRIMARY KEY (import_id, about))",
)
NOT_FORESEEN = ("DROP TABLE import_foreseen",)


def upgrade() -> None:
    execute_all(MODES)
    execute_all(BROWSING)
    execute_all(MARKETS)
    execute_all(FORESEEN)
    append_only("market_prices")
    op.create_index("ix_product_images_key", "product_images", ["key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_product_images_key", table_name="product_images")
    execute_all(NOT_FORESEEN)
    execute_all(NO_MARKETS)
    execute_all(NOT_BROWSING)
    execute_all(WITHOUT_MODES)

"""The whole catalogue: variants in depth, price lists, promotions, rules, warehouses, files.

Revision ID: catalog_0004
Revises: catalog_0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.migrations import append_only, execute_all

revision: str = 'catalog_0004'
down_revision: str | None = 'catalog_0003'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MAIN = "01a20000-0000-7000-8000-000000000001"
EVERYONE = "00000000-0000-0000-0000-000000000000"
# Trusted extensions: the owner of the database may create them.
BEFORE = ("CREATE EXTENSION IF NOT EXISTS unaccent", "CREATE EXTENSION IF NOT EXISTS pg_trgm")
CATEGORIES = (
    """WITH RECURSIVE tree AS (
        SELECT id, ARRAY[id] AS path FROM categories WHERE parent_id IS NULL
        UNION ALL SELECT below.id, tree.path || below.id FROM categories AS below JOIN tree ON tree.id = below.parent_id
    ) UPDATE categories SET path = tree.path FROM tree WHERE tree.id = categories.id""",
    "ALTER TABLE categories ALTER path SET NOT NULL",
)
PRODUCTS = (
    """UPDATE products SET code = coalesce(
        (SELECT sku FROM variants WHERE product_id = products.id ORDER BY position LIMIT 1), products.id::text)""",
    "ALTER TABLE products ALTER code SET NOT NULL",
    """UPDATE products SET category_ids = placed.ids FROM (
        SELECT product_id, array_agg(category_id ORDER BY category_id) AS ids FROM product_categories GROUP BY product_id
    ) AS placed WHERE placed.product_id = products.id""",
    """UPDATE products SET
        words = lower(unaccent(concat_ws(' ', name, (
            SELECT string_agg(concat_ws(' ', sku, name), ' ') FROM variants WHERE product_id = products.id)))),
        search = setweight(to_tsvector('french', unaccent(name)) || to_tsvector('english', unaccent(name))
            || to_tsvector('simple', unaccent(concat_ws(' ', name, (
                SELECT string_agg(concat_ws(' ', sku, name), ' ') FROM variants WHERE product_id = products.id)))), 'A')
            || setweight(to_tsvector('french', unaccent(description))
            || to_tsvector('english', unaccent(description)), 'C')""",
)
PRICES = (
    f"""INSERT INTO base_prices (variant_id, currency, amount)
        SELECT variant_id, unit_currency, unit_amount FROM prices WHERE group_id = '{EVERYONE}'""",
    "INSERT INTO public_prices (variant_id, currency, amount, at) "
    "SELECT variant_id, currency, amount, clock_timestamp() FROM base_prices",
    f"""INSERT INTO price_lists (id, code, name, level, currency, mode, status, tier_basis)
        SELECT gen_random_uuid(), concat('group-', group_id, '-', lower(unit_currency)), 'Group prices', 'group',
            unit_currency, 'net', 'active', 'variant'
        FROM prices WHERE group_id <> '{EVERYONE}' GROUP BY group_id, unit_currency""",
    f"""INSERT INTO price_list_targets (list_id, target_id, kind)
        SELECT DISTINCT price_lists.id, group_id, 'group' FROM prices
        JOIN price_lists ON code = concat('group-', group_id, '-', lower(unit_currency))
        WHERE group_id <> '{EVERYONE}'""",
    f"""INSERT INTO price_rows (id, list_id, scope, target_id, kind, value, version)
        SELECT prices.id, price_lists.id, 'variant', variant_id, 'fixed', unit_amount, prices.version FROM prices
        JOIN price_lists ON code = concat('group-', group_id, '-', lower(unit_currency))
        WHERE group_id <> '{EVERYONE}'""",
    f"INSERT INTO rule_book (id) VALUES ('{EVERYONE}')",
)
STOCK = (
    f"INSERT INTO warehouses (id, code, name) VALUES ('{MAIN}', 'main', 'Main warehouse')",
    f"""INSERT INTO warehouse_stocks (variant_id, warehouse_id, on_hand)
        SELECT variant_id, '{MAIN}', on_hand FROM stocks WHERE on_hand > 0""",
    "ALTER TABLE stocks DROP CONSTRAINT ck_stocks_reserved_within_on_hand",
    "ALTER TABLE stocks ADD CONSTRAINT ck_stocks_not_negative CHECK (0 <= reserved AND 0 <= on_hand)",
    """ALTER TABLE stocks ADD CONSTRAINT ck_stocks_reserved_within_reach CHECK (reserved <= on_hand
        OR (ahead <> 'none' AND (ahead_limit IS NULL OR reserved <= on_hand + ahead_limit)))""",
    f"""INSERT INTO allocation_lines (order_id, variant_id, warehouse_id, quantity)
        SELECT order_id, variant_id, '{MAIN}', quantity FROM hold_lines JOIN holds USING (order_id)
        WHERE state = 'allocated' AND quantity > 0""",
    """UPDATE warehouse_stocks SET allocated = kept.quantity FROM (
        SELECT variant_id, sum(quantity) AS quantity FROM allocation_lines GROUP BY variant_id
    ) AS kept WHERE kept.variant_id = warehouse_stocks.variant_id""",
)
# What customers told before says nothing of companies: it is heard again, and a buyer asked for meanwhile.
HEAR_AGAIN = ("DELETE FROM buyers", "DELETE FROM cursors WHERE producer = 'customers'")
BACK = (
    f"""INSERT INTO prices (id, variant_id, group_id, unit_amount, unit_currency)
        SELECT gen_random_uuid(), variant_id, '{EVERYONE}', amount, currency FROM base_prices""",
    "INSERT INTO product_categories (product_id, category_id) SELECT id, unnest(category_ids) FROM products",
    "ALTER TABLE stocks DROP CONSTRAINT ck_stocks_not_negative",
    "ALTER TABLE stocks ADD CONSTRAINT ck_stocks_reserved_within_on_hand CHECK (0 <= reserved AND reserved <= on_hand)",
)


def upgrade() -> None:
    execute_all(BEFORE)
    op.create_table('buyer_companies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyer_companies'))
    )
    op.create_table('content_blocks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('placement', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('texts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('group_ids', postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_blocks'))
    )
    op.create_index('ix_content_blocks_listed', 'content_blocks', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_content_blocks_placement'), 'content_blocks', ['placement'], unique=False)
    op.create_table('group_terms',
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('availability', sa.String(length=32), server_default='exact', nullable=False),
    sa.Column('minimum_qty', sa.Numeric(precision=14, scale=3), nullable=True),
    sa.Column('minimum_subtotal', sa.Numeric(precision=18, scale=4), nullable=True),
    sa.Column('surcharge', sa.Numeric(precision=18, scale=4), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('operator', sa.String(length=32), server_default='and', nullable=False),
    sa.Column('action', sa.String(length=32), server_default='block', nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('group_id', name=op.f('pk_group_terms'))
    )
    op.create_table('import_runs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('upload_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('dry_run', sa.Boolean(), nullable=False),
    sa.Column('on_error', sa.String(length=32), nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('actor', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('total_rows', sa.Integer(), nullable=True),
    sa.Column('done_rows', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_rows', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('changed_rows', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('unchanged_rows', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('failed_rows', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('trouble', sa.String(), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_runs'))
    )
    op.create_index('ix_import_runs_listed', 'import_runs', ['created_at', 'id'], unique=False)
    op.create_table('price_lists',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('priority', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('mode', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tier_basis', sa.String(length=32), nullable=False),
    sa.Column('stackable', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_lists')),
    sa.UniqueConstraint('code', name=op.f('uq_price_lists_code')),
    sa.UniqueConstraint('number', name=op.f('uq_price_lists_number'))
    )
    op.create_index('ix_price_lists_listed', 'price_lists', ['created_at', 'id'], unique=False)
    op.create_table('price_changes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('list_id', sa.Uuid(), nullable=True),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('category_id', sa.Uuid(), nullable=True),
    sa.Column('attribute', sa.String(length=40), nullable=True),
    sa.Column('attribute_value', sa.String(length=200), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('rounding', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('dry_run', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('made_by', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('changed', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('unchanged', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('floored', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('too_large', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('reached', sa.Uuid(), nullable=True),
    sa.Column('trouble', sa.String(length=500), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_changes'))
    )
    op.create_index('ix_price_changes_listed', 'price_changes', ['created_at', 'id'], unique=False)
    op.create_table('price_differences',
    sa.Column('change_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=64), nullable=True),
    sa.Column('min_qty', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('before', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('after', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['price_changes.id'], name=op.f('fk_price_differences_change_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('change_id', 'position', name=op.f('pk_price_differences'))
    )
    op.create_table('promotions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('markets', postgresql.ARRAY(sa.String(length=40)), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('priority', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('exclusive', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('target_ids', postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotions')),
    sa.UniqueConstraint('code', name=op.f('uq_promotions_code')),
    sa.UniqueConstraint('number', name=op.f('uq_promotions_number'))
    )
    op.create_index('ix_promotions_listed', 'promotions', ['created_at', 'id'], unique=False)
    op.create_table('quantity_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_scope', sa.String(length=32), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('min_qty', sa.Numeric(precision=14, scale=3), nullable=True),
    sa.Column('max_qty', sa.Numeric(precision=14, scale=3), nullable=True),
    sa.Column('multiple', sa.Numeric(precision=14, scale=3), nullable=True),
    sa.Column('period_qty', sa.Numeric(precision=14, scale=3), nullable=True),
    sa.Column('period_days', sa.Integer(), nullable=True),
    sa.Column('basis', sa.String(length=32), server_default='variant', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.CheckConstraint('(period_qty IS NULL) = (period_days IS NULL)', name=op.f('ck_quantity_rules_period_is_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quantity_rules')),
    sa.UniqueConstraint('number', name=op.f('uq_quantity_rules_number')),
    sa.UniqueConstraint('target_id', 'buyer_id', name=op.f('uq_quantity_rules_target_id_buyer_id'))
    )
    op.create_index('ix_quantity_rules_listed', 'quantity_rules', ['created_at', 'id'], unique=False)
    op.create_table('rule_book',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('stamp', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_book'))
    )
    op.create_table('uploads',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('owner', sa.String(length=200), nullable=False),
    sa.Column('size', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('complete', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads'))
    )
    op.create_index(op.f('ix_uploads_created_at'), 'uploads', ['created_at'], unique=False)
    op.create_table('visibility_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_scope', sa.String(length=32), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('allow', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visibility_rules')),
    sa.UniqueConstraint('buyer_id', 'target_id', name=op.f('uq_visibility_rules_buyer_id_target_id')),
    sa.UniqueConstraint('number', name=op.f('uq_visibility_rules_number'))
    )
    op.create_index('ix_visibility_rules_listed', 'visibility_rules', ['created_at', 'id'], unique=False)
    op.create_index('ix_visibility_rules_target', 'visibility_rules', ['target_id'], unique=False)
    op.create_table('warehouses',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('priority', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warehouses')),
    sa.UniqueConstraint('code', name=op.f('uq_warehouses_code'))
    )
    op.create_index('ix_warehouses_listed', 'warehouses', ['created_at', 'id'], unique=False)
    op.create_table('import_findings',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('error', sa.Boolean(), nullable=False),
    sa.Column('finding', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['import_runs.id'], name=op.f('fk_import_findings_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'row', 'position', name=op.f('pk_import_findings'))
    )
    op.create_table('price_list_targets',
    sa.Column('list_id', sa.Uuid(), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['list_id'], ['price_lists.id'], name=op.f('fk_price_list_targets_list_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('list_id', 'target_id', name=op.f('pk_price_list_targets'))
    )
    op.create_index(op.f('ix_price_list_targets_target_id'), 'price_list_targets', ['target_id'], unique=False)
    op.create_table('price_rows',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('list_id', sa.Uuid(), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('min_qty', sa.Numeric(precision=14, scale=3), server_default=sa.text('1'), nullable=False),
    sa.Column('max_qty', sa.Numeric(precision=14, scale=3), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('reference', sa.String(length=32), server_default='base', nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.CheckConstraint("value >= 0 AND (kind <> 'percent_off' OR value <= 100)", name=op.f('ck_price_rows_value_makes_sense')),
    sa.CheckConstraint('min_qty > 0 AND (max_qty IS NULL OR max_qty >= min_qty)', name=op.f('ck_price_rows_quantities_make_sense')),
    sa.ForeignKeyConstraint(['list_id'], ['price_lists.id'], name=op.f('fk_price_rows_list_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_rows')),
    sa.UniqueConstraint('number', name=op.f('uq_price_rows_number')),
    sa.UniqueConstraint('target_id', 'list_id', 'min_qty', name=op.f('uq_price_rows_target_id_list_id_min_qty'))
    )
    op.create_index('ix_price_rows_list', 'price_rows', ['list_id', 'number'], unique=False)
    op.create_table('product_images',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('alt', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('request_digest', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_images_product_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_images'))
    )
    op.create_index(op.f('ix_product_images_product_id'), 'product_images', ['product_id'], unique=False)
    op.create_table('product_links',
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('linked_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['linked_id'], ['products.id'], name=op.f('fk_product_links_linked_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_links_product_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('product_id', 'kind', 'linked_id', name=op.f('pk_product_links'))
    )
    op.create_index(op.f('ix_product_links_linked_id'), 'product_links', ['linked_id'], unique=False)
    op.create_table('upload_parts',
    sa.Column('upload_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name=op.f('fk_upload_parts_upload_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('upload_id', 'position', name=op.f('pk_upload_parts'))
    )
    op.create_table('base_prices',
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('original', sa.Numeric(precision=18, scale=4), nullable=True),
    sa.Column('floor', sa.Numeric(precision=18, scale=4), nullable=True),
    sa.CheckConstraint('amount >= 0 AND original >= 0 AND floor >= 0', name=op.f('ck_base_prices_not_negative')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_base_prices_variant_id')),
    sa.PrimaryKeyConstraint('variant_id', 'currency', name=op.f('pk_base_prices'))
    )
    op.create_table('public_prices',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_public_prices_variant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_prices'))
    )
    op.create_index('ix_public_prices_history', 'public_prices', ['variant_id', 'currency', 'at', 'id'], unique=False)
    op.create_table('warehouse_stocks',
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('warehouse_id', sa.Uuid(), nullable=False),
    sa.Column('on_hand', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=False),
    sa.Column('allocated', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=False),
    sa.CheckConstraint('on_hand >= 0 AND allocated >= 0', name=op.f('ck_warehouse_stocks_not_negative')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_warehouse_stocks_variant_id')),
    sa.ForeignKeyConstraint(['warehouse_id'], ['warehouses.id'], name=op.f('fk_warehouse_stocks_warehouse_id')),
    sa.PrimaryKeyConstraint('variant_id', 'warehouse_id', name=op.f('pk_warehouse_stocks'))
    )
    op.create_index(op.f('ix_warehouse_stocks_warehouse_id'), 'warehouse_stocks', ['warehouse_id'], unique=False)
    op.create_table('allocation_lines',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('warehouse_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_allocation_lines_keeps_something')),
    sa.ForeignKeyConstraint(['order_id'], ['holds.order_id'], name=op.f('fk_allocation_lines_order_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_allocation_lines_variant_id')),
    sa.ForeignKeyConstraint(['warehouse_id'], ['warehouses.id'], name=op.f('fk_allocation_lines_warehouse_id')),
    sa.PrimaryKeyConstraint('order_id', 'variant_id', 'warehouse_id', name=op.f('pk_allocation_lines'))
    )
    op.create_index('ix_allocation_lines_kept', 'allocation_lines', ['variant_id', 'warehouse_id'], unique=False)
    op.add_column('hold_lines', sa.Column('waits', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=False))
    op.create_check_constraint(op.f('ck_hold_lines_waits_within_quantity'), 'hold_lines', '0 <= waits AND waits <= quantity')
    op.create_index('ix_hold_lines_variant', 'hold_lines', ['variant_id'], unique=False)
    op.create_index('ix_hold_lines_waiting', 'hold_lines', ['variant_id'], unique=False, postgresql_where=sa.text('waits + short > 0'))
    op.create_index('ix_stock_movements_listed', 'stock_movements', ['created_at', 'id'], unique=False)
    op.add_column('buyers', sa.Column('company_id', sa.Uuid(), nullable=True))
    op.add_column('categories', sa.Column('translations', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('categories', sa.Column('path', postgresql.ARRAY(sa.Uuid()), nullable=True))
    op.add_column('categories', sa.Column('position', sa.Integer(), server_default=sa.text('0'), nullable=False))
    op.create_index('ix_categories_path', 'categories', ['path'], unique=False, postgresql_using='gin')
    op.add_column('holds', sa.Column('customer_id', sa.Uuid(), nullable=True))
    op.create_index('ix_holds_customer', 'holds', ['customer_id', 'created_at'], unique=False)
    op.add_column('products', sa.Column('code', sa.String(length=64), nullable=True))
    op.add_column('products', sa.Column('translations', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('products', sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False))
    op.add_column('products', sa.Column('attributes', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('products', sa.Column('category_ids', postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('products', sa.Column('published_from', sa.DateTime(timezone=True), nullable=True))
    op.add_column('products', sa.Column('published_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('products', sa.Column('words', sa.Text(), server_default='', nullable=False))
    op.add_column('products', sa.Column('search', postgresql.TSVECTOR(), server_default='', nullable=False))
    op.create_index('ix_products_categories', 'products', ['category_ids'], unique=False, postgresql_using='gin')
    op.create_index('ix_products_named', 'products', ['status', 'name', 'id'], unique=False)
    op.create_index('ix_products_search', 'products', ['search'], unique=False, postgresql_using='gin')
    op.create_index('ix_products_words', 'products', ['words'], unique=False, postgresql_using='gin', postgresql_ops={'words': 'gin_trgm_ops'})
    op.create_unique_constraint(op.f('uq_products_code'), 'products', ['code'])
    op.add_column('stocks', sa.Column('ahead', sa.String(length=32), server_default='none', nullable=False))
    op.add_column('stocks', sa.Column('ahead_limit', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=True))
    op.add_column('stocks', sa.Column('expected_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('stocks', sa.Column('low_at', sa.Numeric(precision=14, scale=3), nullable=True))
    execute_all(STOCK)
    op.add_column('stock_movements', sa.Column('warehouse_id', sa.Uuid(), server_default=MAIN, nullable=False))
    op.alter_column('stock_movements', 'warehouse_id', server_default=None)
    op.create_foreign_key(op.f('fk_stock_movements_warehouse_id'), 'stock_movements', 'warehouses', ['warehouse_id'], ['id'])
    op.add_column('variants', sa.Column('barcode', sa.String(length=32), nullable=True))
    op.add_column('variants', sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('variants', sa.Column('status', sa.String(length=32), server_default='active', nullable=False))
    op.add_column('variants', sa.Column('unit', sa.String(length=20), server_default='piece', nullable=False))
    op.add_column('variants', sa.Column('quantity_decimals', sa.SmallInteger(), server_default=sa.text('0'), nullable=False))
    op.add_column('variants', sa.Column('weight', sa.Integer(), nullable=True))
    op.add_column('variants', sa.Column('length', sa.Integer(), nullable=True))
    op.add_column('variants', sa.Column('width', sa.Integer(), nullable=True))
    op.add_column('variants', sa.Column('height', sa.Integer(), nullable=True))
    op.add_column('variants', sa.Column('cost_amount', sa.Numeric(precision=18, scale=4), nullable=True))
    op.add_column('variants', sa.Column('cost_currency', sa.String(length=3), nullable=True))
    op.add_column('variants', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.create_index(op.f('ix_variants_barcode'), 'variants', ['barcode'], unique=False)
    execute_all((*CATEGORIES, *PRODUCTS, *PRICES, *HEAR_AGAIN))
    op.drop_table('prices')
    op.drop_index(op.f('ix_product_categories_category_id'), table_name='product_categories')
    op.drop_table('product_categories')
    append_only("public_prices")


def downgrade() -> None:
    op.drop_index(op.f('ix_variants_barcode'), table_name='variants')
    op.drop_column('variants', 'request_digest')
    op.drop_column('variants', 'cost_currency')
    op.drop_column('variants', 'cost_amount')
    op.drop_column('variants', 'height')
    op.drop_column('variants', 'width')
    op.drop_column('variants', 'length')
    op.drop_column('variants', 'weight')
    op.drop_column('variants', 'quantity_decimals')
    op.drop_column('variants', 'unit')
    op.drop_column('variants', 'status')
    op.drop_column('variants', 'options')
    op.drop_column('variants', 'barcode')
    op.drop_column('stocks', 'low_at')
    op.drop_column('stocks', 'expected_at')
    op.drop_column('stocks', 'ahead_limit')
    op.drop_column('stocks', 'ahead')
    op.drop_constraint(op.f('fk_stock_movements_warehouse_id'), 'stock_movements', type_='foreignkey')
    op.drop_column('stock_movements', 'warehouse_id')
    op.drop_constraint(op.f('uq_products_code'), 'products', type_='unique')
    op.drop_index('ix_products_words', table_name='products', postgresql_using='gin', postgresql_ops={'words': 'gin_trgm_ops'})
    op.drop_index('ix_products_search', table_name='products', postgresql_using='gin')
    op.drop_index('ix_products_named', table_name='products')
    op.drop_index('ix_products_categories', table_name='products', postgresql_using='gin')
    op.drop_column('products', 'search')
    op.drop_column('products', 'words')
    op.drop_column('products', 'published_until')
    op.drop_column('products', 'published_from')
    op.drop_column('products', 'attributes')
    op.drop_column('products', 'options')
    op.drop_column('products', 'translations')
    op.drop_column('products', 'code')
    op.drop_index('ix_holds_customer', table_name='holds')
    op.drop_column('holds', 'customer_id')
    op.drop_index('ix_categories_path', table_name='categories', postgresql_using='gin')
    op.drop_column('categories', 'position')
    op.drop_column('categories', 'path')
    op.drop_column('categories', 'translations')
    op.drop_column('buyers', 'company_id')
    op.create_table('product_categories',
    sa.Column('product_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('category_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_product_categories_category_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_categories_product_id')),
    sa.PrimaryKeyConstraint('product_id', 'category_id', name=op.f('pk_product_categories'))
    )
    op.create_index(op.f('ix_product_categories_category_id'), 'product_categories', ['category_id'], unique=False)
    op.create_table('prices',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('variant_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('group_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('unit_amount', sa.NUMERIC(precision=18, scale=4), autoincrement=False, nullable=False),
    sa.Column('unit_currency', sa.VARCHAR(length=3), autoincrement=False, nullable=False),
    sa.Column('version', sa.BIGINT(), server_default=sa.text('1'), autoincrement=False, nullable=False),
    sa.CheckConstraint('unit_amount >= 0::numeric', name=op.f('ck_prices_not_negative')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_prices_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prices')),
    sa.UniqueConstraint('variant_id', 'unit_currency', 'group_id', name=op.f('uq_prices_variant_id_unit_currency_group_id'), postgresql_include=[], postgresql_nulls_not_distinct=False)
    )
    execute_all(BACK)
    op.drop_column('products', 'category_ids')
    op.drop_index('ix_stock_movements_listed', table_name='stock_movements')
    op.drop_index('ix_hold_lines_waiting', table_name='hold_lines', postgresql_where=sa.text('waits + short > 0'))
    op.drop_index('ix_hold_lines_variant', table_name='hold_lines')
    op.drop_constraint(op.f('ck_hold_lines_waits_within_quantity'), 'hold_lines', type_='check')
    op.drop_column('hold_lines', 'waits')
    op.drop_index('ix_allocation_lines_kept', table_name='allocation_lines')
    op.drop_table('allocation_lines')
    op.drop_index(op.f('ix_warehouse_stocks_warehouse_id'), table_name='warehouse_stocks')
    op.drop_table('warehouse_stocks')
    op.drop_index('ix_public_prices_history', table_name='public_prices')
    op.drop_table('public_prices')
    op.drop_table('base_prices')
    op.drop_table('upload_parts')
    op.drop_index(op.f('ix_product_links_linked_id'), table_name='product_links')
    op.drop_table('product_links')
    op.drop_index(op.f('ix_product_images_product_id'), table_name='product_images')
    op.drop_table('product_images')
    op.drop_index('ix_price_rows_list', table_name='price_rows')
    op.drop_table('price_rows')
    op.drop_index(op.f('ix_price_list_targets_target_id'), table_name='price_list_targets')
    op.drop_table('price_list_targets')
    op.drop_table('import_findings')
    op.drop_index('ix_warehouses_listed', table_name='warehouses')
    op.drop_table('warehouses')
    op.drop_index('ix_visibility_rules_target', table_name='visibility_rules')
    op.drop_index('ix_visibility_rules_listed', table_name='visibility_rules')
    op.drop_table('visibility_rules')
    op.drop_index(op.f('ix_uploads_created_at'), table_name='uploads')
    op.drop_table('uploads')
    op.drop_table('rule_book')
    op.drop_index('ix_quantity_rules_listed', table_name='quantity_rules')
    op.drop_table('quantity_rules')
    op.drop_table('price_differences')
    op.drop_index('ix_price_changes_listed', table_name='price_changes')
    op.drop_table('price_changes')
    op.drop_index('ix_promotions_listed', table_name='promotions')
    op.drop_table('promotions')
    op.drop_index('ix_price_lists_listed', table_name='price_lists')
    op.drop_table('price_lists')
    op.drop_index('ix_import_runs_listed', table_name='import_runs')
    op.drop_table('import_runs')
    op.drop_table('group_terms')
    op.drop_index(op.f('ix_content_blocks_placement'), table_name='content_blocks')
    op.drop_index('ix_content_blocks_listed', table_name='content_blocks')
    op.drop_table('content_blocks')
    op.drop_table('buyer_companies')

"""The first tables.

Revision ID: catalog_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import messaging_v1
from shared.database.migrations import append_only

revision: str = 'catalog_0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('buyer_groups',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('show_prices', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyer_groups'))
    )
    op.create_index(op.f('ix_buyer_groups_code'), 'buyer_groups', ['code'], unique=False)
    op.create_table('buyers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('group_ids', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('agent_id', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyers'))
    )
    op.create_table('categories',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['categories.id'], name=op.f('fk_categories_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
    sa.UniqueConstraint('code', name=op.f('uq_categories_code'))
    )
    op.create_index('ix_categories_listed', 'categories', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_categories_parent_id'), 'categories', ['parent_id'], unique=False)
    op.create_table('holds',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('holder', sa.String(), nullable=True),
    sa.Column('digest', sa.LargeBinary(), nullable=True),
    sa.Column('quote', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('order_version', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_holds'))
    )
    op.create_index('ix_holds_to_sweep', 'holds', ['expires_at'], unique=False, postgresql_where=sa.text("state = 'held'"))
    op.create_table('products',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products'))
    )
    op.create_index('ix_products_listed', 'products', ['status', 'created_at', 'id'], unique=False)
    op.create_table('sales_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('agents_serve_all', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_rules'))
    )
    op.create_table('sellers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('max_discount_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('max_increase_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sellers'))
    )
    op.create_table('product_categories',
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_product_categories_category_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_categories_product_id')),
    sa.PrimaryKeyConstraint('product_id', 'category_id', name=op.f('pk_product_categories'))
    )
    op.create_index(op.f('ix_product_categories_category_id'), 'product_categories', ['category_id'], unique=False)
    op.create_table('variants',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('sku', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('tax_category', sa.String(length=32), nullable=False),
    sa.Column('commissionable', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_variants_product_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_variants')),
    sa.UniqueConstraint('product_id', 'position', name=op.f('uq_variants_product_id_position')),
    sa.UniqueConstraint('sku', name=op.f('uq_variants_sku'))
    )
    op.create_index('ix_variants_listed', 'variants', ['created_at', 'id'], unique=False)
    op.create_table('hold_lines',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('short', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=False),
    sa.CheckConstraint('quantity >= 0 AND short >= 0', name=op.f('ck_hold_lines_not_negative')),
    sa.ForeignKeyConstraint(['order_id'], ['holds.order_id'], name=op.f('fk_hold_lines_order_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_hold_lines_variant_id')),
    sa.PrimaryKeyConstraint('order_id', 'variant_id', name=op.f('pk_hold_lines'))
    )
    op.create_table('prices',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('unit_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('unit_currency', sa.String(length=3), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.CheckConstraint('unit_amount >= 0', name=op.f('ck_prices_not_negative')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_prices_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prices')),
    sa.UniqueConstraint('variant_id', 'unit_currency', 'group_id', name=op.f('uq_prices_variant_id_unit_currency_group_id'))
    )
    op.create_table('stock_movements',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('actor', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('quantity <> 0', name=op.f('ck_stock_movements_moves_something')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_stock_movements_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_movements'))
    )
    op.create_index(op.f('ix_stock_movements_variant_id'), 'stock_movements', ['variant_id'], unique=False)
    op.create_table('stocks',
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('on_hand', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=False),
    sa.Column('reserved', sa.Numeric(precision=14, scale=3), server_default=sa.text('0'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.CheckConstraint('0 <= reserved AND reserved <= on_hand', name=op.f('ck_stocks_reserved_within_on_hand')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_stocks_variant_id')),
    sa.PrimaryKeyConstraint('variant_id', name=op.f('pk_stocks'))
    )
    messaging_v1.create()
    append_only("stock_movements")


def downgrade() -> None:
    messaging_v1.drop()
    op.drop_table('stocks')
    op.drop_index(op.f('ix_stock_movements_variant_id'), table_name='stock_movements')
    op.drop_table('stock_movements')
    op.drop_table('prices')
    op.drop_table('hold_lines')
    op.drop_index('ix_variants_listed', table_name='variants')
    op.drop_table('variants')
    op.drop_index(op.f('ix_product_categories_category_id'), table_name='product_categories')
    op.drop_table('product_categories')
    op.drop_table('sellers')
    op.drop_table('sales_rules')
    op.drop_index('ix_products_listed', table_name='products')
    op.drop_table('products')
    op.drop_index('ix_holds_to_sweep', table_name='holds', postgresql_where=sa.text("state = 'held'"))
    op.drop_table('holds')
    op.drop_index(op.f('ix_categories_parent_id'), table_name='categories')
    op.drop_index('ix_categories_listed', table_name='categories')
    op.drop_table('categories')
    op.drop_table('buyers')
    op.drop_index(op.f('ix_buyer_groups_code'), table_name='buyer_groups')
    op.drop_table('buyer_groups')

"""The first tables, and the VAT rates of France.

Revision ID: orders_0001
Revises: 
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import messaging_v1
from shared.database.migrations import append_only

revision: str = 'orders_0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# In force since 1 January 2014, Paris time. Goods of category "zero" bear none.
FRENCH_RATES = {"standard": "20", "reduced": "5.5", "zero": "0"}
SINCE = datetime(2013, 12, 31, 23, tzinfo=UTC)


def upgrade() -> None:
    op.create_table('buyers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('company_name', sa.String(length=200), nullable=True),
    sa.Column('group_ids', sa.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('agent_id', sa.Uuid(), nullable=True),
    sa.Column('billing_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('shipping_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyers'))
    )
    op.create_index(op.f('ix_buyers_agent_id'), 'buyers', ['agent_id'], unique=False)
    op.create_table('orders',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('payment_status', sa.String(length=32), nullable=False),
    sa.Column('fulfilment_status', sa.String(length=32), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('customer_name', sa.String(length=200), nullable=False),
    sa.Column('customer_email', sa.String(length=254), nullable=False),
    sa.Column('customer_locale', sa.String(length=2), nullable=False),
    sa.Column('company_name', sa.String(length=200), nullable=True),
    sa.Column('group_ids', sa.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('billing_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('shipping_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('agent_id', sa.Uuid(), nullable=True),
    sa.Column('attribution', sa.String(length=32), nullable=True),
    sa.Column('placed_by', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('payment_method', sa.String(length=32), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('net_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('net_currency', sa.String(length=3), nullable=False),
    sa.Column('tax_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('tax_currency', sa.String(length=3), nullable=False),
    sa.Column('total_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('total_currency', sa.String(length=3), nullable=False),
    sa.Column('paid_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('paid_currency', sa.String(length=3), nullable=False),
    sa.Column('reference', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('net_currency = currency AND tax_currency = currency AND total_currency = currency AND paid_currency = currency', name=op.f('ck_orders_one_currency')),
    sa.CheckConstraint('paid_amount BETWEEN 0 AND total_amount', name=op.f('ck_orders_paid')),
    sa.CheckConstraint('total_amount = net_amount + tax_amount', name=op.f('ck_orders_total')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('number', name=op.f('uq_orders_number'))
    )
    op.create_index('ix_orders_agent_newest', 'orders', ['agent_id', 'created_at', 'id'], unique=False)
    op.create_index('ix_orders_customer_newest', 'orders', ['customer_id', 'created_at', 'id'], unique=False)
    op.create_index('ix_orders_newest', 'orders', ['created_at', 'id'], unique=False)
    op.create_index('ix_orders_payment_newest', 'orders', ['payment_status', 'created_at', 'id'], unique=False)
    op.create_index(op.f('ix_orders_reference'), 'orders', ['reference'], unique=False)
    op.create_index('ix_orders_status_newest', 'orders', ['status', 'created_at', 'id'], unique=False)
    op.create_table('sales_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('agents_serve_all', sa.Boolean(), nullable=False),
    sa.Column('attribution', sa.ARRAY(sa.String(length=32)), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_rules'))
    )
    op.create_table('sellers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sellers'))
    )
    op.create_table('tax_rates',
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('category', sa.String(length=32), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_to', sa.DateTime(timezone=True), nullable=True),
    sa.Column('percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_tax_rates_percent')),
    sa.CheckConstraint('valid_to > valid_from', name=op.f('ck_tax_rates_valid')),
    sa.PrimaryKeyConstraint('country', 'category', 'valid_from', name=op.f('pk_tax_rates'))
    )
    op.create_table('order_history',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('axis', sa.String(length=16), nullable=False),
    sa.Column('before', sa.String(length=32), nullable=True),
    sa.Column('after', sa.String(length=32), nullable=False),
    sa.Column('actor', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_history_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_history'))
    )
    op.create_index('ix_order_history_order_seq', 'order_history', ['order_id', 'seq'], unique=False)
    op.create_table('order_lines',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('sku', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('list_price_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('list_price_currency', sa.String(length=3), nullable=False),
    sa.Column('unit_price_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('unit_price_currency', sa.String(length=3), nullable=False),
    sa.Column('price_reason', sa.String(length=32), nullable=False),
    sa.Column('discount_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('net_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('net_currency', sa.String(length=3), nullable=False),
    sa.Column('tax_category', sa.String(length=32), nullable=False),
    sa.Column('tax_rate', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('tax_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('tax_currency', sa.String(length=3), nullable=False),
    sa.Column('commissionable', sa.Boolean(), nullable=False),
    sa.Column('cancelled', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('shipped', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('delivered', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.Column('returned', sa.Numeric(precision=14, scale=3), nullable=False),
    sa.CheckConstraint('quantity > 0 AND cancelled >= 0 AND cancelled + shipped <= quantity', name=op.f('ck_order_lines_units')),
    sa.CheckConstraint('returned BETWEEN 0 AND delivered AND delivered <= shipped', name=op.f('ck_order_lines_units_out')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id')),
    sa.PrimaryKeyConstraint('order_id', 'position', name=op.f('pk_order_lines'))
    )
    op.create_table('payments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('method', sa.String(length=32), nullable=False),
    sa.Column('amount_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('amount_currency', sa.String(length=3), nullable=False),
    sa.Column('value_date', sa.Date(), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('recorded_by', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payments_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
    sa.UniqueConstraint('order_id', 'reference', 'value_date', 'amount_amount', name='uq_payments_transfer')
    )
    messaging_v1.create()
    append_only("payments", "order_history")
    _seed_rates()


def _seed_rates() -> None:
    names = ("country", "category", "valid_from", "percent")
    rates = sa.table("tax_rates", *(sa.column(name) for name in names))
    rows = [
        {"country": "FR", "category": category, "valid_from": SINCE, "percent": Decimal(percent)}
        for category, percent in FRENCH_RATES.items()
    ]
    op.get_bind().execute(sa.insert(rates).values(rows))


def downgrade() -> None:
    messaging_v1.drop()
    op.drop_table('payments')
    op.drop_table('order_lines')
    op.drop_index('ix_order_history_order_seq', table_name='order_history')
    op.drop_table('order_history')
    op.drop_table('tax_rates')
    op.drop_table('sellers')
    op.drop_table('sales_rules')
    op.drop_index('ix_orders_status_newest', table_name='orders')
    op.drop_index(op.f('ix_orders_reference'), table_name='orders')
    op.drop_index('ix_orders_payment_newest', table_name='orders')
    op.drop_index('ix_orders_newest', table_name='orders')
    op.drop_index('ix_orders_customer_newest', table_name='orders')
    op.drop_index('ix_orders_agent_newest', table_name='orders')
    op.drop_table('orders')
    op.drop_index(op.f('ix_buyers_agent_id'), table_name='buyers')
    op.drop_table('buyers')

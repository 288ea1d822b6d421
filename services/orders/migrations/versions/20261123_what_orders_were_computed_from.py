"""Orders say whether their prices are with tax, and their lines from what they were computed.

Revision ID: orders_0004
Revises: orders_0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = 'orders_0004'
down_revision: str | None = 'orders_0003'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('orders', sa.Column('price_mode', sa.String(length=32), server_default='net', nullable=False))
    op.add_column('orders', sa.Column('market', sa.String(length=40), nullable=True))
    op.add_column('order_lines', sa.Column('computed_price_amount', sa.Numeric(precision=18, scale=4), nullable=True))
    op.add_column('order_lines', sa.Column('computed_price_currency', sa.String(length=3), nullable=True))
    op.add_column('order_lines', sa.Column('cost_amount', sa.Numeric(precision=18, scale=4), nullable=True))
    op.add_column('order_lines', sa.Column('cost_currency', sa.String(length=3), nullable=True))
    op.add_column('order_lines', sa.Column('price_list_id', sa.Uuid(), nullable=True))
    op.add_column('order_lines', sa.Column('price_list_version', sa.Integer(), nullable=True))
    op.add_column('order_lines', sa.Column('trace', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))


def downgrade() -> None:
    for name in ('trace', 'price_list_version', 'price_list_id', 'cost_currency', 'cost_amount', 'computed_price_currency', 'computed_price_amount'):
        op.drop_column('order_lines', name)
    op.drop_column('orders', 'market')
    op.drop_column('orders', 'price_mode')

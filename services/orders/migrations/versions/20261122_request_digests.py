"""An order and a payment keep a digest of the request that made them; orders to be shipped are found by id.

Revision ID: orders_0002
Revises: orders_0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'orders_0002'
down_revision: str | None = 'orders_0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('orders', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.add_column('payments', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.create_index('ix_orders_to_ship', 'orders', ['id'], unique=False, postgresql_where=sa.text("status IN ('confirmed', 'processing')"))


def downgrade() -> None:
    op.drop_index('ix_orders_to_ship', table_name='orders', postgresql_where=sa.text("status IN ('confirmed', 'processing')"))
    op.drop_column('payments', 'request_digest')
    op.drop_column('orders', 'request_digest')

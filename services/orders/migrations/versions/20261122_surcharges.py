"""An order may bear a surcharge, split by VAT rate.

Revision ID: orders_0003
Revises: orders_0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = 'orders_0003'
down_revision: str | None = 'orders_0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('orders', sa.Column('surcharge_amount', sa.Numeric(precision=18, scale=4), nullable=True))
    op.add_column('orders', sa.Column('surcharge_currency', sa.String(length=3), nullable=True))
    op.add_column('orders', sa.Column('surcharge_taxes', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.create_check_constraint(op.f('ck_orders_surcharge_is_whole'), 'orders', '(surcharge_amount IS NULL) = (surcharge_currency IS NULL)')
    op.create_check_constraint(op.f('ck_orders_surcharge'), 'orders', 'surcharge_amount > 0 AND surcharge_currency = currency')


def downgrade() -> None:
    op.drop_constraint(op.f('ck_orders_surcharge'), 'orders', type_='check')
    op.drop_constraint(op.f('ck_orders_surcharge_is_whole'), 'orders', type_='check')
    op.drop_column('orders', 'surcharge_taxes')
    op.drop_column('orders', 'surcharge_currency')
    op.drop_column('orders', 'surcharge_amount')

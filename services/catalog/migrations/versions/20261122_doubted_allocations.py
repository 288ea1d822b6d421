"""Allocations that orders does not need, and orders without one, are noted round by round.

Revision ID: catalog_0003
Revises: catalog_0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'catalog_0003'
down_revision: str | None = 'catalog_0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('allocation_rounds',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('reached', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation_rounds'))
    )
    op.create_table('missed_allocations',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('missed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_missed_allocations'))
    )
    op.add_column('holds', sa.Column('doubted_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_holds_allocated', 'holds', ['order_id'], unique=False, postgresql_where=sa.text("state = 'allocated'"))
    op.create_index('ix_holds_doubted', 'holds', ['doubted_at'], unique=False, postgresql_where=sa.text('doubted_at IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_holds_doubted', table_name='holds', postgresql_where=sa.text('doubted_at IS NOT NULL'))
    op.drop_index('ix_holds_allocated', table_name='holds', postgresql_where=sa.text("state = 'allocated'"))
    op.drop_column('holds', 'doubted_at')
    op.drop_table('missed_allocations')
    op.drop_table('allocation_rounds')

"""The first tables.

Revision ID: notifications_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.database import messaging_v1

revision: str = 'notifications_0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('known_agents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_agents'))
    )
    op.create_table('mails',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('transition', sa.String(length=40), nullable=False),
    sa.Column('recipient_id', sa.Uuid(), nullable=False),
    sa.Column('to_address', sa.String(length=254), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('message_id', sa.String(length=320), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_mails_sent_has_its_moment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('order_id', 'kind', 'transition', 'recipient_id', name=op.f('uq_mails_order_id_kind_transition_recipient_id'))
    )
    op.create_index('ix_mails_created_at', 'mails', ['created_at', 'id'], unique=False)
    op.create_index('ix_mails_to_address', 'mails', ['to_address', 'created_at'], unique=False)
    op.create_index('ix_mails_unsent', 'mails', ['status', 'created_at', 'id'], unique=False, postgresql_where=sa.text("status <> 'sent'"))
    messaging_v1.create()


def downgrade() -> None:
    messaging_v1.drop()
    op.drop_index('ix_mails_unsent', table_name='mails', postgresql_where=sa.text("status <> 'sent'"))
    op.drop_index('ix_mails_to_address', table_name='mails')
    op.drop_index('ix_mails_created_at', table_name='mails')
    op.drop_table('mails')
    op.drop_table('known_agents')

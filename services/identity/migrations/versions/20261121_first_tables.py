"""The first tables.

Revision ID: identity_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import messaging_v1
from shared.database.migrations import append_only

revision: str = 'identity_0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('type', sa.String(length=32), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=False),
    sa.Column('roles', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('email', name=op.f('uq_accounts_email'))
    )
    op.create_index('ix_accounts_newest', 'accounts', ['created_at', 'id'], unique=False)
    op.create_table('sign_in_attempts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('client_address', sa.String(length=64), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempts'))
    )
    op.create_index(op.f('ix_sign_in_attempts_at'), 'sign_in_attempts', ['at'], unique=False)
    op.create_index('ix_sign_in_attempts_client', 'sign_in_attempts', ['client_address', 'at'], unique=False)
    op.create_index('ix_sign_in_attempts_email', 'sign_in_attempts', ['email', 'at'], unique=False)
    op.create_table('sign_in_events',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('client_address', sa.String(length=64), nullable=True),
    sa.Column('done_by', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_events'))
    )
    op.create_index(op.f('ix_sign_in_events_account_id'), 'sign_in_events', ['account_id'], unique=False)
    op.create_index('ix_sign_in_events_email', 'sign_in_events', ['email', 'at'], unique=False)
    op.create_table('signing_keys',
    sa.Column('kid', sa.String(length=64), nullable=False),
    sa.Column('public', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('signs_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verifies_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('kid', name=op.f('pk_signing_keys'))
    )
    op.create_index('uq_signing_keys_current', 'signing_keys', [sa.literal_column('(verifies_until IS NULL)')], unique=True, postgresql_where=sa.text('verifies_until IS NULL'))
    op.create_table('sessions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('client_address', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sessions_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions'))
    )
    op.create_index(op.f('ix_sessions_expires_at'), 'sessions', ['expires_at'], unique=False)
    op.create_index('ix_sessions_live', 'sessions', ['account_id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('subjects',
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_subjects_account_id')),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_subjects'))
    )
    op.create_index(op.f('ix_subjects_account_id'), 'subjects', ['account_id'], unique=False)
    op.create_table('refresh_tokens',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_refresh_tokens_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_refresh_tokens'))
    )
    op.create_index(op.f('ix_refresh_tokens_session_id'), 'refresh_tokens', ['session_id'], unique=False)
    op.create_index('uq_refresh_tokens_unused', 'refresh_tokens', ['session_id'], unique=True, postgresql_where=sa.text('used_at IS NULL'))
    messaging_v1.create()
    append_only("sign_in_events")


def downgrade() -> None:
    messaging_v1.drop()
    op.drop_index('uq_refresh_tokens_unused', table_name='refresh_tokens', postgresql_where=sa.text('used_at IS NULL'))
    op.drop_index(op.f('ix_refresh_tokens_session_id'), table_name='refresh_tokens')
    op.drop_table('refresh_tokens')
    op.drop_index(op.f('ix_subjects_account_id'), table_name='subjects')
    op.drop_table('subjects')
    op.drop_index('ix_sessions_live', table_name='sessions', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_sessions_expires_at'), table_name='sessions')
    op.drop_table('sessions')
    op.drop_index('uq_signing_keys_current', table_name='signing_keys', postgresql_where=sa.text('verifies_until IS NULL'))
    op.drop_table('signing_keys')
    op.drop_index('ix_sign_in_events_email', table_name='sign_in_events')
    op.drop_index(op.f('ix_sign_in_events_account_id'), table_name='sign_in_events')
    op.drop_table('sign_in_events')
    op.drop_index('ix_sign_in_attempts_email', table_name='sign_in_attempts')
    op.drop_index('ix_sign_in_attempts_client', table_name='sign_in_attempts')
    op.drop_index(op.f('ix_sign_in_attempts_at'), table_name='sign_in_attempts')
    op.drop_table('sign_in_attempts')
    op.drop_index('ix_accounts_newest', table_name='accounts')
    op.drop_table('accounts')

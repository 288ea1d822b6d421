"""The first tables.

Revision ID: identity_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.migrations import append_only, execute_all
from shared.messaging.triggers import CREATE_TRIGGERS, DROP_TRIGGERS

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
    op.create_table('cursors',
    sa.Column('producer', sa.String(), nullable=False),
    sa.Column('seq', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('head_seq', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('stream_seq', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('stream_epoch', sa.String(), server_default=sa.text("''"), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('beat', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('producer', name=op.f('pk_cursors'))
    )
    op.create_table('inbox',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('reply', sa.LargeBinary(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_inbox'))
    )
    op.create_index('ix_inbox_answered_at', 'inbox', ['answered_at'], unique=False)
    op.create_table('jobs',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('context', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('key', name=op.f('uq_jobs_key'))
    )
    op.create_index('ix_jobs_due', 'jobs', ['run_after'], unique=False, postgresql_where=sa.text('failed_at IS NULL'))
    op.create_table('operator_acts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('actor', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator_acts'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('aggregate_id', sa.Uuid(), nullable=False),
    sa.Column('aggregate_version', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('traceparent', sa.String(), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('octet_length(body) <= 655360', name=op.f('ck_outbox_body_size')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('event_id', name=op.f('uq_outbox_event_id')),
    sa.UniqueConstraint('seq', name=op.f('uq_outbox_seq'))
    )
    op.create_index('ix_outbox_created_at', 'outbox', ['created_at'], unique=False)
    op.create_index('ix_outbox_unnumbered', 'outbox', ['id'], unique=False, postgresql_where=sa.text('seq IS NULL'))
    op.create_table('parked_events',
    sa.Column('producer', sa.String(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('handler', sa.String(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('aggregate_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('next_try', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parked_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('producer', 'seq', 'handler', name=op.f('pk_parked_events'))
    )
    op.create_index('ix_parked_events_aggregate', 'parked_events', ['producer', 'handler', 'aggregate_id', 'seq'], unique=False)
    op.create_table('relay_state',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('last_seq', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('published_seq', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('beat', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_relay_state'))
    )
    append_only("sign_in_events", "operator_acts")
    execute_all(CREATE_TRIGGERS)


def downgrade() -> None:
    execute_all(DROP_TRIGGERS)
    op.drop_table('relay_state')
    op.drop_index('ix_parked_events_aggregate', table_name='parked_events')
    op.drop_table('parked_events')
    op.drop_index('ix_outbox_unnumbered', table_name='outbox', postgresql_where=sa.text('seq IS NULL'))
    op.drop_index('ix_outbox_created_at', table_name='outbox')
    op.drop_table('outbox')
    op.drop_table('operator_acts')
    op.drop_index('ix_jobs_due', table_name='jobs', postgresql_where=sa.text('failed_at IS NULL'))
    op.drop_table('jobs')
    op.drop_index('ix_inbox_answered_at', table_name='inbox')
    op.drop_table('inbox')
    op.drop_table('cursors')
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

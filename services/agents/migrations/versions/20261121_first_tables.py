"""The first tables, and the sales settings every shop begins with.

Revision ID: agents_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.migrations import announce, append_only, execute_all
from shared.kernel.ids import derived_id
from shared.messaging.triggers import CREATE_TRIGGERS, DROP_TRIGGERS

revision: str = 'agents_0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('agent_groups',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('commission_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('override_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('max_discount_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('max_increase_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_groups')),
    sa.UniqueConstraint('code', name=op.f('uq_agent_groups_code'))
    )
    op.create_index('ix_agent_groups_newest', 'agent_groups', ['created_at', 'id'], unique=False)
    op.create_table('sales_settings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('agents_serve_all', sa.Boolean(), nullable=False),
    sa.Column('attribution', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_settings'))
    )
    op.create_table('agents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('own_max_discount_percent', sa.Numeric(precision=9, scale=4), nullable=True),
    sa.Column('own_max_increase_percent', sa.Numeric(precision=9, scale=4), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('parent_id <> id', name=op.f('ck_agents_not_under_themselves')),
    sa.ForeignKeyConstraint(['group_id'], ['agent_groups.id'], name=op.f('fk_agents_group_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['agents.id'], name=op.f('fk_agents_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agents'))
    )
    op.create_index(op.f('ix_agents_group_id'), 'agents', ['group_id'], unique=False)
    op.create_index('ix_agents_newest', 'agents', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_agents_parent_id'), 'agents', ['parent_id'], unique=False)
    op.create_index('uq_agents_email', 'agents', [sa.literal_column('lower(email)')], unique=True)
    op.create_table('balances',
    sa.Column('agent_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('accrued_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('earned_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.CheckConstraint('accrued_amount >= 0', name=op.f('ck_balances_accrued')),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_balances_agent_id')),
    sa.PrimaryKeyConstraint('agent_id', 'currency', name=op.f('pk_balances'))
    )
    op.create_table('entries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('agent_id', sa.Uuid(), nullable=False),
    sa.Column('seller_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('order_number', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('basis_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('basis_currency', sa.String(length=3), nullable=False),
    sa.Column('amount_amount', sa.Numeric(precision=18, scale=4), nullable=False),
    sa.Column('amount_currency', sa.String(length=3), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind IN ('accrued', 'earned')) = (amount_amount > 0)", name=op.f('ck_entries_sign')),
    sa.CheckConstraint('basis_currency = amount_currency', name=op.f('ck_entries_one_currency')),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_entries_agent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entries')),
    sa.UniqueConstraint('order_id', 'agent_id', 'level', 'kind', name='uq_entries_once')
    )
    op.create_index('ix_entries_agent_newest', 'entries', ['agent_id', 'created_at', 'id'], unique=False)
    op.create_index('ix_entries_newest', 'entries', ['created_at', 'id'], unique=False)
    op.create_table('standings',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('agent_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('commission_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('override_percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_standings_agent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standings'))
    )
    op.create_index('ix_standings_newest', 'standings', ['agent_id', 'id'], unique=False)
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
    execute_all(CREATE_TRIGGERS)
    append_only("entries", "standings", "operator_acts")
    _begin_with_settings()


def _begin_with_settings() -> None:
    table = sa.table(
        "sales_settings",
        sa.column("id"),
        sa.column("version"),
        sa.column("agents_serve_all"),
        sa.column("attribution", postgresql.ARRAY(sa.String())),
    )
    settings = {
        "id": derived_id("agents.sales_settings"),
        "version": 1,
        "agents_serve_all": False,
        "attribution": ["customer_agent", "acting_agent"],
    }
    op.get_bind().execute(sa.insert(table).values(**settings))
    announce("agents.sales_settings_changed.v1", settings["id"], 1, {"settings": settings})


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
    op.drop_index('ix_standings_newest', table_name='standings')
    op.drop_table('standings')
    op.drop_index('ix_entries_newest', table_name='entries')
    op.drop_index('ix_entries_agent_newest', table_name='entries')
    op.drop_table('entries')
    op.drop_table('balances')
    op.drop_index('uq_agents_email', table_name='agents')
    op.drop_index(op.f('ix_agents_parent_id'), table_name='agents')
    op.drop_index('ix_agents_newest', table_name='agents')
    op.drop_index(op.f('ix_agents_group_id'), table_name='agents')
    op.drop_table('agents')
    op.drop_table('sales_settings')
    op.drop_index('ix_agent_groups_newest', table_name='agent_groups')
    op.drop_table('agent_groups')

"""The first tables, and the groups built into every shop.

Revision ID: customers_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.migrations import announce, append_only, execute_all
from shared.kernel import clock
from shared.kernel.ids import derived_id
from shared.messaging.triggers import CREATE_TRIGGERS, DROP_TRIGGERS

revision: str = 'customers_0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BUILT_IN = {"visitor": "Visitors", "guest": "Guests", "customer": "Customers"}


def upgrade() -> None:
    op.create_table('companies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('vat_number', sa.String(length=20), nullable=True),
    sa.Column('siret', sa.String(length=14), nullable=True),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['companies.id'], name=op.f('fk_companies_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_companies'))
    )
    op.create_index('ix_companies_newest', 'companies', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_companies_parent_id'), 'companies', ['parent_id'], unique=False)
    op.create_index(op.f('ix_companies_siret'), 'companies', ['siret'], unique=False)
    op.create_index(op.f('ix_companies_vat_number'), 'companies', ['vat_number'], unique=False)
    op.create_table('groups',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('built_in', sa.Boolean(), nullable=False),
    sa.Column('show_prices', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_groups')),
    sa.UniqueConstraint('code', name=op.f('uq_groups_code'))
    )
    op.create_index('ix_groups_newest', 'groups', ['created_at', 'id'], unique=False)
    op.create_table('known_agents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_agents'))
    )
    op.create_table('sales_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('agents_serve_all', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_rules'))
    )
    op.create_table('customers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('company_id', sa.Uuid(), nullable=True),
    sa.Column('agent_id', sa.Uuid(), nullable=True),
    sa.Column('billing_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('shipping_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('reference', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_customers_company_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customers'))
    )
    op.create_index('ix_customers_agent_newest', 'customers', ['agent_id', 'created_at', 'id'], unique=False)
    op.create_index(op.f('ix_customers_company_id'), 'customers', ['company_id'], unique=False)
    op.create_index('ix_customers_newest', 'customers', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_customers_reference'), 'customers', ['reference'], unique=False)
    op.create_index('uq_customers_email', 'customers', [sa.literal_column('lower(email)')], unique=True)
    op.create_table('memberships',
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_memberships_customer_id')),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_memberships_group_id')),
    sa.PrimaryKeyConstraint('customer_id', 'group_id', name=op.f('pk_memberships'))
    )
    op.create_index(op.f('ix_memberships_group_id'), 'memberships', ['group_id'], unique=False)
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
    append_only("operator_acts")
    _build_in_groups()


def _build_in_groups() -> None:
    groups = sa.table(
        "groups",
        *(sa.column(name) for name in ("id", "code", "name", "built_in", "show_prices", "created_at", "version")),
    )
    for code, name in BUILT_IN.items():
        group = {"id": derived_id("customers.group", code), "code": code, "name": name, "show_prices": True, "version": 1}
        op.get_bind().execute(sa.insert(groups).values(built_in=True, created_at=clock.now(), **group))
        announce("customers.group_created.v1", group["id"], 1, {"group": group})


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
    op.drop_index(op.f('ix_memberships_group_id'), table_name='memberships')
    op.drop_table('memberships')
    op.drop_index('uq_customers_email', table_name='customers')
    op.drop_index(op.f('ix_customers_reference'), table_name='customers')
    op.drop_index('ix_customers_newest', table_name='customers')
    op.drop_index(op.f('ix_customers_company_id'), table_name='customers')
    op.drop_index('ix_customers_agent_newest', table_name='customers')
    op.drop_table('customers')
    op.drop_table('sales_rules')
    op.drop_table('known_agents')
    op.drop_index('ix_groups_newest', table_name='groups')
    op.drop_table('groups')
    op.drop_index(op.f('ix_companies_vat_number'), table_name='companies')
    op.drop_index(op.f('ix_companies_siret'), table_name='companies')
    op.drop_index(op.f('ix_companies_parent_id'), table_name='companies')
    op.drop_index('ix_companies_newest', table_name='companies')
    op.drop_table('companies')

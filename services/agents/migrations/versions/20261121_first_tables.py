"""The first tables, and the sales settings every shop begins with.

Revision ID: agents_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import messaging_v1
from shared.database.migrations import announce, append_only
from shared.kernel.ids import derived_id

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
    messaging_v1.create()
    append_only("entries", "standings")
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
    messaging_v1.drop()
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

"""The first tables, and the groups built into every shop.

Revision ID: customers_0001
Revises: 
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import messaging_v1
from shared.database.migrations import announce
from shared.kernel import clock
from shared.kernel.ids import derived_id

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
    messaging_v1.create()
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
    messaging_v1.drop()
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

"""Groups, companies and customers keep a digest of the request that made them.

Revision ID: customers_0002
Revises: customers_0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'customers_0002'
down_revision: str | None = 'customers_0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('groups', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.add_column('companies', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.add_column('customers', sa.Column('request_digest', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('customers', 'request_digest')
    op.drop_column('companies', 'request_digest')
    op.drop_column('groups', 'request_digest')

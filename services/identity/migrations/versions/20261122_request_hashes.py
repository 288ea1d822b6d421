"""An account keeps a hash of the request that opened it.

Revision ID: identity_0002
Revises: identity_0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'identity_0002'
down_revision: str | None = 'identity_0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('accounts', sa.Column('request_hash', sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column('accounts', 'request_hash')

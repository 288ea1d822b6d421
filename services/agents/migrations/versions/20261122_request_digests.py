"""Agents and their groups keep a digest of the request that made them.

Revision ID: agents_0002
Revises: agents_0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'agents_0002'
down_revision: str | None = 'agents_0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('agent_groups', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.add_column('agents', sa.Column('request_digest', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('agents', 'request_digest')
    op.drop_column('agent_groups', 'request_digest')

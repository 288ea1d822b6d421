"""Categories, products and receipts keep a digest of the request that made them.

Revision ID: catalog_0002
Revises: catalog_0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'catalog_0002'
down_revision: str | None = 'catalog_0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('categories', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.add_column('products', sa.Column('request_digest', sa.LargeBinary(), nullable=True))
    op.add_column('stock_movements', sa.Column('request_digest', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('stock_movements', 'request_digest')
    op.drop_column('products', 'request_digest')
    op.drop_column('categories', 'request_digest')

"""The market's own time of an order's newest telling, and the numbers a shop gives out itself"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('number_series',
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_number_series_shop_id_shops')),
    sa.PrimaryKeyConstraint('shop_id', 'series', name=op.f('pk_number_series'))
    )
    op.add_column('order_lines', sa.Column('told_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
    op.add_column('orders', sa.Column('told_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('orders', 'told_at')
    op.drop_column('order_lines', 'told_at')
    op.drop_table('number_series')

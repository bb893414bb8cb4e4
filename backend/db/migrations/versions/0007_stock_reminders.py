"""Which reminders about stock went out"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stock_reminders',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_stock_reminders_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_reminders')),
    sa.UniqueConstraint('shop_id', 'kind', 'day', name=op.f('uq_stock_reminders_shop_id_kind_day'))
    )


def downgrade() -> None:
    op.drop_table('stock_reminders')

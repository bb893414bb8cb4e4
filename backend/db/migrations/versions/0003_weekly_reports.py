"""weekly reports"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('weekly_reports',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('monday', sa.Date(), nullable=False),
    sa.Column('contents', sa.JSON(), nullable=False),
    sa.Column('made_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_weekly_reports_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_reports')),
    sa.UniqueConstraint('shop_id', 'monday', name=op.f('uq_weekly_reports_shop_id_monday'))
    )


def downgrade() -> None:
    op.drop_table('weekly_reports')

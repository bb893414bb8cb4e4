"""A market that does not answer is told of once; the month's runs of a shop are found by themselves"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('market_outages',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('market', sa.Enum('mall', 'smartstore', 'coupang', 'gmarket', 'auction', '11st', name='market', native_enum=False, length=40), nullable=False),
    sa.Column('operations', sa.JSON(), nullable=False),
    sa.Column('began_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('open_key', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_market_outages_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_outages')),
    sa.UniqueConstraint('open_key', name=op.f('uq_market_outages_open_key'))
    )
    op.create_index('ix_runs_shop_finished', 'runs', ['shop_id', 'finished_at'], unique=False)
    op.create_index(op.f('ix_market_outages_shop_id'), 'market_outages', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_runs_shop_finished', table_name='runs')
    op.drop_table('market_outages')

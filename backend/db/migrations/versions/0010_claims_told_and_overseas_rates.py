"""Claims that came before their order, when a market last told of a claim, a shop's own overseas terms"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('claims') as batch:
        batch.add_column(sa.Column('told_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('exchange_option', sa.String(), nullable=True))
    op.create_table('early_claims',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('market_key', sa.String(), nullable=False),
    sa.Column('market_order_no', sa.String(), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('told_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('received_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_early_claims_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_early_claims')),
    sa.UniqueConstraint('shop_id', 'market_key', name=op.f('uq_early_claims_shop_id_market_key'))
    )
    op.create_table('overseas_rates',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('served', sa.Boolean(), nullable=False),
    sa.Column('fees', sa.JSON(), nullable=False),
    sa.Column('days_min', sa.Integer(), nullable=True),
    sa.Column('days_max', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_overseas_rates_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overseas_rates')),
    sa.UniqueConstraint('shop_id', 'country', name=op.f('uq_overseas_rates_shop_id_country'))
    )


def downgrade() -> None:
    op.drop_table('overseas_rates')
    op.drop_table('early_claims')
    with op.batch_alter_table('claims') as batch:
        batch.drop_column('exchange_option')
        batch.drop_column('told_at')

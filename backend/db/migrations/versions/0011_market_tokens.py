"""Access tokens of market accounts, kept between processes; which stock the markets have heard of"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('market_tokens',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('market', sa.Enum('mall', 'smartstore', 'coupang', 'gmarket', 'auction', '11st', name='market', native_enum=False, length=40), nullable=False),
    sa.Column('access_token', sa.Text(), nullable=False),
    sa.Column('refresh_token', sa.Text(), nullable=True),
    sa.Column('ends_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_market_tokens_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_tokens')),
    sa.UniqueConstraint('shop_id', 'market', name=op.f('uq_market_tokens_shop_id_market'))
    )
    op.create_table('announced_items',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('item_version', sa.Integer(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['stock_items.id'], name=op.f('fk_announced_items_item_id_stock_items')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_announced_items_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announced_items')),
    sa.UniqueConstraint('item_id', name=op.f('uq_announced_items_item_id'))
    )
    op.create_index(op.f('ix_announced_items_shop_id'), 'announced_items', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_table('announced_items')
    op.drop_table('market_tokens')

"""Access tokens of market accounts, kept between processes: Cafe24 gives a new refresh token with each"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0011'
down_revision = '0006'
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


def downgrade() -> None:
    op.drop_table('market_tokens')

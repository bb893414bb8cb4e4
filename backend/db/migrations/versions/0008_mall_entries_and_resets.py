"""What the own mall's admin lists of partners and people; people who left; resets of orders with their files"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mall_entries',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.Enum('supplier', 'courier', 'seller', 'member', name='entrykind', native_enum=False, length=40), nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.Column('former_names', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_mall_entries_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mall_entries')),
    sa.UniqueConstraint('shop_id', 'kind', 'external_id', name=op.f('uq_mall_entries_shop_id_kind_external_id'))
    )
    op.create_table('order_resets',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('file', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=True),
    sa.Column('at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('restored_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_order_resets_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_resets'))
    )
    with op.batch_alter_table('order_resets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_resets_shop_id'), ['shop_id'], unique=False)
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.add_column(sa.Column('left_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.drop_column('left_at')
    op.drop_table('order_resets')
    op.drop_table('mall_entries')

"""A listing has no number until its market gives it one; inquiries by the market's own number"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.alter_column('market_product_no', existing_type=sa.String(), nullable=True)

    with op.batch_alter_table('inquiries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('market_inquiry_no', sa.String(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f('uq_inquiries_shop_id_market_market_inquiry_no'), ['shop_id', 'market', 'market_inquiry_no']
        )


def downgrade() -> None:
    with op.batch_alter_table('inquiries', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_inquiries_shop_id_market_market_inquiry_no'), type_='unique')
        batch_op.drop_column('market_inquiry_no')

    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.alter_column('market_product_no', existing_type=sa.String(), nullable=False)

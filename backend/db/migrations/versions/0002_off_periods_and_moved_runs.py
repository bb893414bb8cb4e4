"""An OFF may begin later and leave parts out; a run that waits may be moved"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('off_switches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('excluded', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('starts_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('begun_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('first_scheduled_for', backend.db.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column('moved', sa.Integer(), nullable=False, server_default='0'))


def downgrade() -> None:
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.drop_column('moved')
        batch_op.drop_column('first_scheduled_for')
    with op.batch_alter_table('off_switches', schema=None) as batch_op:
        batch_op.drop_column('begun_at')
        batch_op.drop_column('starts_at')
        batch_op.drop_column('excluded')

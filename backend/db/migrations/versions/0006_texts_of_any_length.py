"""A text has the length its schema allows, on every database: PostgreSQL would refuse what SQLite always kept"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_OF_200 = sa.text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
    "AND data_type = 'character varying' AND character_maximum_length = 200 ORDER BY table_name, column_name"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return  # SQLite knows no length
    for table, column in op.get_bind().execute(_OF_200).all():
        op.alter_column(table, column, type_=sa.String())


def downgrade() -> None:
    pass  # what is longer than 200 by now must stay whole

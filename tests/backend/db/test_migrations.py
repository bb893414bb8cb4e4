"""The migrations lead to the very tables the models describe."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from backend.db.engine import build_engine
from backend.db.models import metadata
from backend.db.schema import migrate


def test_the_migrated_schema_is_the_one_of_the_models(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert {*metadata.tables, "alembic_version"} == set(inspect(connection).get_table_names())
    engine.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrate(engine)
    migrate(engine)
    engine.dispose()

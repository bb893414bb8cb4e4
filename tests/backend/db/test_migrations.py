"""The migrations lead to the very tables the models describe, and back, on either database."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from backend.db.engine import build_engine
from backend.db.models import metadata
from backend.db.schema import UnfitDatabase, alembic_config, migrate
from tests.databases import ON_POSTGRES, on_postgres_only, server


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    url = server().empty_one() if ON_POSTGRES else f"sqlite:///{tmp_path / 'migrated.db'}"
    engine = build_engine(url)
    yield engine
    engine.dispose()
    if ON_POSTGRES:
        server().drop(url)


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert {*metadata.tables, "alembic_version"} == set(inspect(connection).get_table_names())
        return list(compare_metadata(context, metadata))


def test_the_migrated_schema_is_the_one_of_the_models(empty: Engine) -> None:
    migrate(empty)
    assert differences(empty) == []


def test_migrating_again_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    migrate(empty)
    assert differences(empty) == []


def test_the_migrations_lead_back_to_nothing_and_up_again(empty: Engine) -> None:
    migrate(empty)
    command.downgrade(alembic_config(empty), "base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    migrate(empty)
    assert differences(empty) == []


@on_postgres_only
def test_two_processes_that_migrate_at_once_both_succeed(empty: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_migrate_apart, [empty.url.render_as_string(hide_password=False)] * 2))
    assert differences(empty) == []


def _migrate_apart(url: str) -> None:
    """Alembic keeps its context in a module, so that two at once need two processes."""
    script = (
        "import sys; from backend.db.engine import build_engine; from backend.db.schema import migrate; "
        "migrate(build_engine(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", script, url], check=True)


@on_postgres_only
def test_no_text_is_cut_off_or_refused_for_its_length(empty: Engine) -> None:
    """Ids (40) and enumerations (40) have one; so does Alembic's own table."""
    migrate(empty)
    query = text(
        "SELECT table_name, column_name, character_maximum_length FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND character_maximum_length > 40"
    )
    with empty.connect() as connection:
        assert connection.execute(query).all() == []


@on_postgres_only
def test_a_database_that_would_sort_korean_otherwise_is_refused_with_the_way_out(empty: Engine) -> None:
    url = server().empty_one("ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'ko' LOCALE 'C'")
    engine = build_engine(url)
    try:
        with pytest.raises(UnfitDatabase, match="createdb --template=template0"):
            migrate(engine)
        assert inspect(engine).get_table_names() == []
    finally:
        engine.dispose()
        server().drop(url)

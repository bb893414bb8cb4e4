"""Brings a database to the newest schema with Alembic; safe to call at every start, and by two processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from backend.db.engine import get_engine

HERE = Path(__file__).parent
SORTS_BY_CODE_POINT = ("C", "POSIX", "C.UTF-8", "C.utf8")


def alembic_config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["engine"] = engine
    return config


class UnfitDatabase(Exception):
    """It would keep or sort Korean text otherwise than we do; the text says how to make one that does not."""


def migrate(engine: Engine | None = None) -> None:
    engine = engine or get_engine()
    if engine.dialect.name == "postgresql":
        _check_locale(engine)
    command.upgrade(alembic_config(engine), "head")


def _check_locale(engine: Engine) -> None:
    """Lists and cursors rely on the order of code points, as SQLite and Python sort; for Hangul that is the dictionary's."""
    query = text(
        "SELECT pg_encoding_to_char(encoding), datcollate, datlocprovider FROM pg_database "
        "WHERE datname = current_database()"
    )
    with engine.connect() as connection:
        encoding, collation, provider = connection.execute(query).one()
    if (encoding, provider) != ("UTF8", "c") or collation not in SORTS_BY_CODE_POINT:
        raise UnfitDatabase(
            f"The database has encoding {encoding} and collation {collation}. "
            "Make one with: createdb --template=template0 --encoding=UTF8 --locale=C opstalk"
        )

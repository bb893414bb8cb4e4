"""Brings a database to the newest schema with Alembic; safe to call at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from backend.db.engine import get_engine

HERE = Path(__file__).parent


def alembic_config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine | None = None) -> None:
    command.upgrade(alembic_config(engine or get_engine()), "head")

"""Alembic runs on the engine it is handed, or on the configured one."""

from typing import Any

from alembic import context

from backend.db import models
from backend.db.engine import get_engine


def _references(connection: Any, checked: str) -> None:
    """SQLite changes a column by making the table anew, which must not count as deleting what others refer to."""
    if engine.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={checked}")


def _one_at_a_time(connection: Any) -> None:
    """Of two processes that start at once, the second finds everything done; on SQLite the write lock sees to it."""
    if engine.dialect.name == "postgresql":
        with connection.begin():
            connection.exec_driver_sql("SET lock_timeout = 0; SELECT pg_advisory_lock(hashtext('opstalk migrations'))")


engine = context.config.attributes.get("engine") or get_engine()
with engine.execution_options(opstalk_write=True).connect() as connection:
    _references(connection, "OFF")
    _one_at_a_time(connection)
    try:
        context.configure(
            connection=connection,
            target_metadata=models.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="backend.db.base.",
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        _references(connection, "ON")
        if engine.dialect.name == "postgresql":
            connection.invalidate()  # the lock goes with the session

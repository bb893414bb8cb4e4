"""One engine a process, for SQLite or PostgreSQL (docs/decisions/0011).

A reading unit of work sees one moment on both. A writing one is alone on SQLite; on PostgreSQL it is READ COMMITTED and
takes its turn (`db/locks.py`).
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from backend.settings import get_settings

BUSY_SECONDS = 10.0
_QUEUED = "opstalk_queued"


def build_engine(url: str) -> Engine:
    """SQLite: WAL, foreign keys, 10 s busy wait; a writing unit of work takes the write lock when it begins,
    so that what it read cannot move before it writes.

    SQLite lets one write at a time and has the others look again after ever longer naps: of many at once, some wait for
    seconds. The threads of one process queue for their turn instead; SQLite keeps the processes apart.
    """
    shared: dict[str, Any] = {
        "json_serializer": json.JSONEncoder(ensure_ascii=False).encode,  # `json.dumps` would make one for each value
        "pool_size": 20, "max_overflow": 40, "pool_timeout": BUSY_SECONDS,
    }  # fmt: skip
    if not url.startswith("sqlite"):
        waits = f"-c lock_timeout={int(BUSY_SECONDS * 1000)} -c timezone=UTC"
        return create_engine(url, pool_pre_ping=True, connect_args={"options": waits}, **shared)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **shared)
    writing = threading.Lock()

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to send
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("opstalk_write", False)
        if writes and not connection.info.get(_QUEUED):
            # too long a wait goes on without a turn: SQLite then says that the database is locked
            connection.info[_QUEUED] = writing.acquire(timeout=BUSY_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "checkin")
    def _next_writer(_: Any, record: Any) -> None:
        """The connection is given back after its transaction has ended."""
        if record.info.pop(_QUEUED, False):
            writing.release()

    return engine


@lru_cache
def get_engine() -> Engine:
    settings = get_settings()
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    return build_engine(settings.database)


@lru_cache(maxsize=32)
def _beginning(engine: Engine, write: bool) -> Engine:
    """The same engine, whose transactions begin so; a light copy that shares its connections."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(opstalk_write=write)
    return engine.execution_options(isolation_level="READ COMMITTED" if write else "REPEATABLE READ")


_reading = sessionmaker(expire_on_commit=False)


@contextmanager
def unit_of_work(*, write: bool = True, engine: Engine | None = None) -> Iterator[Session]:
    """One request or one job: everything commits together at the end, or nothing does."""
    with _reading(bind=_beginning(engine or get_engine(), write)) as session:
        try:
            yield session
            if write:
                session.commit()
        except BaseException:
            session.rollback()
            raise

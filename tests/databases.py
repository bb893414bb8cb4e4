"""A database of its own for whoever tests: a SQLite file, or one on the server that `OPSTALK_DATABASE_URL` names.

On PostgreSQL the schema is made once a process, by the migrations; further databases are copies of it, and one that was
used is emptied and lent again.
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from backend import features
from backend.db import engine as db_engine
from backend.db.engine import build_engine
from backend.db.models import metadata
from backend.db.schema import migrate
from backend.settings import get_settings

SERVER = os.environ.get("OPSTALK_DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgresql")
SECRET = "test-secret-test-secret-test-secret-test"
_CHILDREN_FIRST = list(reversed(metadata.sorted_tables))
on_sqlite_only = pytest.mark.skipif(ON_POSTGRES, reason="it is about SQLite itself")
on_postgres_only = pytest.mark.skipif(not ON_POSTGRES, reason="it is about PostgreSQL: make test-postgres")


@contextmanager
def own_database(var_dir: Path, *, keep: bool = False) -> Iterator[Engine]:
    """With every table and no row, wired into the settings as the product's; with `keep` its rows stay afterwards."""
    if not ON_POSTGRES:
        var_dir.mkdir(parents=True, exist_ok=True)
        with wired(var_dir, f"sqlite:///{var_dir / 'opstalk.db'}") as engine:
            with engine.execution_options(opstalk_write=True).begin() as connection:
                metadata.create_all(connection)
            yield engine
        return
    url = server().take()
    try:
        with wired(var_dir, url) as engine:
            yield engine
    finally:
        if not keep:
            server().give_back(url)


@contextmanager
def a_copy(url: str, folder: Path) -> Iterator[str]:
    """The address of a database with the same rows."""
    if not ON_POSTGRES:
        for file in Path(str(make_url(url).database)).parent.glob("opstalk.db*"):
            shutil.copy(file, folder)
        yield f"sqlite:///{folder / 'opstalk.db'}"
        return
    made = server().copy(url)
    try:
        yield made
    finally:
        server().drop(made)


@contextmanager
def wired(var_dir: Path, url: str) -> Iterator[Engine]:
    """The settings name this folder and this database for as long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSTALK_VAR_DIR", str(var_dir))
        patch.setenv("OPSTALK_SECRET_KEY", SECRET)
        patch.setenv("OPSTALK_DATABASE_URL", url)
        get_settings.cache_clear()
        db_engine.get_engine.cache_clear()
        features.load()
        engine = db_engine.get_engine()
        try:
            yield engine
        finally:
            engine.dispose()
            db_engine.get_engine.cache_clear()
            get_settings.cache_clear()


class Server:
    """The databases that this process made; all of them go with it."""

    def __init__(self) -> None:
        self._admin = create_engine(SERVER, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._made: list[str] = []
        self._free: list[str] = []
        self._numbers = count(1)
        self._pid = os.getpid()
        atexit.register(self._drop_all)
        self._template = self.empty_one()
        engine = build_engine(self._template)
        migrate(engine)
        engine.dispose()

    def empty_one(self, options: str = "ENCODING 'UTF8' LOCALE 'C'") -> str:
        """Without any table."""
        return self._create("template0", options)

    def take(self) -> str:
        return self._free.pop() if self._free else self.copy(self._template)

    def give_back(self, url: str) -> None:
        """Whoever is still connected to it is cut off."""
        self._alone(url)
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:  # ten times as fast as TRUNCATE for the few rows of a test
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table.name}" for table in _CHILDREN_FIRST))
        self._free.append(url)

    def drop(self, url: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def copy(self, url: str) -> str:
        self._alone(url)
        return self._create(str(make_url(url).database))

    def put_back(self, url: str, kept: str) -> None:
        """The database is what the kept one is."""
        name = make_url(url).database
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(kept).database}"')

    def _create(self, template: str, options: str = "") -> str:
        name = f"opstalk_test_{self._pid}_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {options}')
        self._made.append(name)
        return make_url(SERVER).set(database=name).render_as_string(hide_password=False)

    def _alone(self, url: str) -> None:
        with self._admin.connect() as connection:
            _cut_off(connection, str(make_url(url).database))

    def _drop_all(self) -> None:
        if os.getpid() != self._pid:  # a forked child owns none of them
            return
        with suppress(Exception), self._admin.connect() as connection:  # the server may be gone first
            for name in self._made:
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _cut_off(connection: Connection, database: str) -> None:
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    connection.exec_driver_sql(query, (database,))


@lru_cache
def server() -> Server:
    return Server()

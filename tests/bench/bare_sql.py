"""What bare SQL needs for the same writes: finished rows, written again by `sqlite3` alone.

It starts from the database as it was before ours began, so it has the same tables, indexes and foreign keys; it gets
the rows as ours left them, every column, and has nothing to read or to decide. The pragmas are those of `db/engine.py`.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]


class Finished:
    """The rows of a table in the order in which they were written."""

    def __init__(self, database: Path, table: str) -> None:
        with sqlite3.connect(database) as source:
            self.table = table
            self.columns = [column[1] for column in source.execute(f"PRAGMA table_info({table})")]
            self.rows: list[Row] = source.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
        source.close()

    def at(self, column: str) -> int:
        return self.columns.index(column)

    def having(self, rows: Sequence[Row], **values: Any) -> list[Row]:
        """The same rows with other values in these columns, as they were at first."""
        places = {self.at(name): value for name, value in values.items()}
        return [tuple([places.get(place, value) for place, value in enumerate(row)]) for row in rows]


class BareSql:
    """`seconds` of processor time that its transactions took."""

    def __init__(self, path: Path, empty: bytes) -> None:
        path.write_bytes(empty)
        self.seconds = 0.0
        self.database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            self.database.execute(f"PRAGMA {pragma}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        began = time.process_time()
        self.database.execute("BEGIN IMMEDIATE")
        yield
        self.database.execute("COMMIT")
        self.seconds += time.process_time() - began

    def insert(self, into: Finished, rows: Sequence[Row]) -> None:
        self.database.executemany(f"INSERT INTO {into.table} VALUES ({', '.join('?' * len(into.columns))})", rows)

    def update(self, statement: str, rows: Sequence[Row]) -> None:
        self.database.executemany(statement, rows)

    def take_seconds(self) -> float:
        """Since it was last asked."""
        taken, self.seconds = self.seconds, 0.0
        return taken

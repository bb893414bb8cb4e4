"""The sandbox's own SQLite file: orders as documents, what changed in which order, goods, and what was done to them."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.kit import clock

Doc = dict[str, Any]
_TABLES = """
create table if not exists orders (
    market text, seller text, order_no text, ordered_at text, changed_at text, status text, doc text,
    primary key (market, seller, order_no)
);
create index if not exists ix_orders_time on orders (market, seller, status, ordered_at);
create table if not exists changes (
    seq integer primary key autoincrement, market text, seller text, order_no text, line_no text, kind text, at text
);
create index if not exists ix_changes on changes (market, seller, at, seq);
create table if not exists lines (market text, line_no text, seller text, order_no text, primary key (market, line_no));
create table if not exists goods (
    market text, seller text, product_no text, code text, doc text, quantity integer,
    primary key (market, seller, product_no, code)
);
create table if not exists questions (
    market text, seller text, number text, at text, product_no text, buyer text, text text, answer text, answered_at text,
    primary key (market, seller, number)
);
create table if not exists effects (
    id integer primary key autoincrement, market text, seller text, what text, order_no text, line_no text, detail text, at text
);
create table if not exists tokens (token text primary key, market text, seller text, kind text, until text);
create table if not exists refused (market text, seller text, primary key (market, seller));
create table if not exists numbers (name text primary key, value integer);
"""


class Store:
    """One connection behind one lock: the sandbox is small, and its answers must be exact."""

    def __init__(self, path: Path | str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self._deep = 0
        self._connection.executescript("pragma journal_mode=wal; pragma synchronous=off;" + _TABLES)

    @contextmanager
    def together(self) -> Iterator[None]:
        """All or nothing; inside another one it is part of that."""
        with self._lock:
            self._deep += 1
            try:
                if self._deep == 1:
                    self._connection.execute("begin immediate")
                yield
                if self._deep == 1:
                    self._connection.execute("commit")
            except BaseException:
                if self._deep == 1:
                    self._connection.execute("rollback")
                raise
            finally:
                self._deep -= 1

    def rows(self, sql: str, *given: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, given).fetchall()

    def run(self, sql: str, *given: Any) -> int:
        """How many rows it touched."""
        with self.together():
            return self._connection.execute(sql, given).rowcount

    def clear(self) -> None:
        with self.together():
            for table in (
                "orders",
                "changes",
                "lines",
                "goods",
                "questions",
                "effects",
                "tokens",
                "refused",
                "numbers",
            ):
                self._connection.execute(f"delete from {table}")

    def number(self, name: str, start: int) -> int:
        """The next of a running number."""
        with self.together():
            self.run(
                "insert into numbers values (?, ?) on conflict (name) do update set value = value + 1", name, start
            )
            return int(self.rows("select value from numbers where name = ?", name)[0]["value"])

    # orders

    def order(self, market: str, seller: str, order_no: str) -> Doc | None:
        found = self.rows(
            "select doc from orders where market = ? and seller = ? and order_no = ?", market, seller, order_no
        )
        return json.loads(found[0]["doc"]) if found else None

    def order_of_line(self, market: str, seller: str, line_no: str) -> Doc | None:
        found = self.rows(
            "select order_no from lines where market = ? and line_no = ? and seller = ?", market, line_no, seller
        )
        return self.order(market, seller, found[0]["order_no"]) if found else None

    def put(self, doc: Doc, kind: str, line_nos: list[str] | None = None, at: datetime | None = None) -> None:
        """Keep the order and tell that these lines changed (all of them when none is named)."""
        when = stamp(at or clock.now())
        doc["changed_at"] = when
        changed = [line for line in doc["lines"] if line_nos is None or line["line_no"] in line_nos]
        for line in changed:
            line["changed_at"] = when
        market, seller, order_no = doc["market"], doc["seller"], doc["order_no"]
        with self.together():
            self.run(
                "insert into orders values (?, ?, ?, ?, ?, ?, ?) on conflict (market, seller, order_no)"
                " do update set changed_at = excluded.changed_at, status = excluded.status, doc = excluded.doc",
                market, seller, order_no, doc["ordered_at"], when, doc["lines"][0]["raw"], json.dumps(doc, ensure_ascii=False),
            )  # fmt: skip
            for line in doc["lines"]:
                self.run("insert or ignore into lines values (?, ?, ?, ?)", market, line["line_no"], seller, order_no)
            for line in changed:
                self.run(
                    "insert into changes (market, seller, order_no, line_no, kind, at) values (?, ?, ?, ?, ?, ?)",
                    market, seller, order_no, line["line_no"], kind, when,
                )  # fmt: skip

    def told(
        self, market: str, seller: str, kinds: list[str], start: str, end: str, limit: int, offset: int
    ) -> list[Doc]:
        """Orders to which one of these things happened in that time, in the order it did."""
        marks = ", ".join("?" for _ in kinds)
        found = self.rows(
            "select o.doc from orders o join (select order_no, min(seq) as first from changes where market = ? and"
            f" seller = ? and kind in ({marks}) and at >= ? and at <= ? group by order_no) c on c.order_no = o.order_no"
            " where o.market = ? and o.seller = ? order by c.first limit ? offset ?",
            market, seller, *kinds, start, end, market, seller, limit, offset,
        )  # fmt: skip
        return [json.loads(row["doc"]) for row in found]

    def of_status(
        self, market: str, seller: str, status: str, start: str, end: str, limit: int, offset: int
    ) -> list[Doc]:
        found = self.rows(
            "select doc from orders where market = ? and seller = ? and status = ? and ordered_at >= ? and ordered_at < ?"
            " order by ordered_at, order_no limit ? offset ?",
            market, seller, status, start, end, limit, offset,
        )  # fmt: skip
        return [json.loads(row["doc"]) for row in found]

    def orders(self, market: str, seller: str, fits: Callable[[Doc], bool] | None = None) -> list[Doc]:
        """Oldest first."""
        found = self.rows(
            "select doc from orders where market = ? and seller = ? order by ordered_at, order_no", market, seller
        )
        docs = [json.loads(row["doc"]) for row in found]
        return [doc for doc in docs if fits is None or fits(doc)]

    def did(self, market: str, seller: str, what: str, order_no: str | None, line_no: str | None, detail: Doc) -> None:
        """Something of the merchant's took effect here; tests count these."""
        self.run(
            "insert into effects (market, seller, what, order_no, line_no, detail, at) values (?, ?, ?, ?, ?, ?, ?)",
            market, seller, what, order_no, line_no, json.dumps(detail, ensure_ascii=False), stamp(clock.now()),
        )  # fmt: skip


def stamp(at: datetime) -> str:
    """Sortable text, Seoul time to the millisecond: 2026-11-18T12:00:00.000+09:00."""
    return clock.seoul(at).isoformat(timespec="milliseconds")

"""What it costs to take in, match and promise orders, against bare SQL that makes the very same writes.

`python -m tests.bench.orders [--orders 1000 10000 100000] [--out FILE]`: JSON and a table, in seconds of processor time, each
number in a process of its own. The bare side gets the finished rows and nothing to decide: the same INSERTs, the same
UPDATEs of lines and items, in the same pages and transactions, through `sqlite3`. Nothing is asserted.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

PAGE, ITEMS, SHOP = 500, 500, "shop_oneul"
TABLES = ("orders", "shipments", "order_lines")


def measure(orders: int) -> dict[str, Any]:
    """In this process, on a fresh database; `OPSTALK_VAR_DIR` names an empty folder."""
    from backend import features
    from backend.db.engine import get_engine, unit_of_work
    from backend.db.schema import migrate
    from backend.kit import clock
    from backend.orders.allocate import allocate_waiting
    from backend.orders.take_in import take_in
    from tests.backend.conftest import NOW, make_shop
    from tests.backend.orders.build import add_item

    features.load()
    migrate()
    folder = Path(os.environ["OPSTALK_VAR_DIR"])
    with clock.frozen(NOW):
        with unit_of_work() as session:
            shop = make_shop(session, "oneul")
            for number in range(ITEMS):
                add_item(session, shop, number, stocked=3 * orders // ITEMS + 1)
        page = [told(n) for n in range(PAGE)]
        get_engine().dispose()
        empty = (folder / "opstalk.db").read_bytes() if (folder / "opstalk.db").exists() else None
        assert empty is not None, sorted(folder.iterdir())
        took = promised = 0.0
        for start in range(0, orders, PAGE):
            page = [told(n) for n in range(start, min(start + PAGE, orders))]
            with unit_of_work() as session:
                began = time.process_time()
                taken = take_in(session, SHOP, page)
                took += time.process_time() - began
                began = time.process_time()
                allocate_waiting(session, SHOP, taken.item_ids)
                promised += time.process_time() - began
                began = time.process_time()
            took += time.process_time() - began  # the commit
    get_engine().dispose()
    bare = bare_seconds(folder / "opstalk.db", folder / "bare.db", empty)
    ours = took + promised
    return {
        "orders": orders, "take_in_match": round(took, 2), "allocate": round(promised, 2), "ours": round(ours, 2),
        "bare_sql": round(bare, 2), "ratio": round(ours / bare, 2), "ours_microseconds_an_order": round(ours / orders * 1e6),
    }  # fmt: skip


def told(number: int) -> Any:
    from tests.backend.orders.build import line, order

    def one(name: str, item: int) -> Any:
        return line(f"{number}{name}", seller_code=f"P{item % ITEMS:05}-01", name=f"울 가디건 {item % ITEMS}")

    lines = (one("a", number), one("b", number * 7 + 1)) if number % 2 else (one("a", number),)
    made = order(number, *lines)
    return made if number % 50 else order(number, *lines, ordered_at=made.ordered_at - timedelta(days=1))


def bare_seconds(done: Path, target: Path, empty: bytes) -> float:
    """The finished database's rows, written again by hand."""
    source = sqlite3.connect(done)
    rows = {name: source.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in TABLES}
    names = {name: [column[1] for column in source.execute(f"PRAGMA table_info({name})")] for name in TABLES}
    source.close()
    target.write_bytes(empty)
    database = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        database.execute(f"PRAGMA {pragma}")
    at = {name: names["order_lines"].index(name) for name in ("id", "order_id", "item_id", "allocated", "fulfilment")}
    of_order: dict[str, list[Any]] = {}
    for row in rows["order_lines"]:
        of_order.setdefault(row[at["order_id"]], []).append(row)
    spent = 0.0
    for start in range(0, len(rows["orders"]), PAGE):
        orders, shipments = (rows[name][start : start + PAGE] for name in ("orders", "shipments"))
        lines = [line for order in orders for line in of_order[order[names["orders"].index("id")]]]
        fresh = [
            tuple(
                0 if i == at["allocated"] else "unallocated" if i == at["fulfilment"] else v for i, v in enumerate(line)
            )
            for line in lines
        ]
        units: dict[str, int] = {}
        for line in lines:
            units[line[at["item_id"]]] = units.get(line[at["item_id"]], 0) + line[at["allocated"]]
        began = time.process_time()
        database.execute("BEGIN IMMEDIATE")
        for name, some in (("orders", orders), ("shipments", shipments), ("order_lines", fresh)):
            database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(names[name]))})", some)
        database.executemany(
            "UPDATE order_lines SET allocated = ?, fulfilment = ?, version = version + 1 WHERE id = ?",
            [(line[at["allocated"]], line[at["fulfilment"]], line[at["id"]]) for line in lines],
        )
        database.executemany(
            "UPDATE stock_items SET reserved = reserved + ?, version = version + 1 WHERE id = ?",
            [(count, item) for item, count in units.items()],
        )
        database.execute("COMMIT")
        spent += time.process_time() - began
    database.close()
    return spent


def in_its_own_process(orders: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="opstalk-bench-") as folder:
        env = {**os.environ, "OPSTALK_VAR_DIR": folder, "OPSTALK_SECRET_KEY": "bench-secret-" * 4}
        env.pop("OPSTALK_DATABASE_URL", None)
        command = [sys.executable, "-m", "tests.bench.orders", "--measure", str(orders)]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(options.measure)))
        return
    found = [in_its_own_process(orders) for orders in options.orders]
    if options.out:
        options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table = Table(*found[0])
    for row in found:
        table.add_row(*map(str, row.values()))
    Console().print(table)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

"""What it costs to take in, match and promise orders, against bare SQL that makes the very same writes.

`python -m tests.bench.orders [--orders 1000 10000 100000] [--out FILE]`: JSON and a table, in seconds of processor time, each
number in a process of its own. Orders come by pages of 500 as from a market, each with its own moments and its own page's
transaction; one page is taken in and rolled back first, as a worker that has run before would find itself. The bare side
makes the same INSERTs and UPDATEs in the same pages and transactions (`bare_sql.py`). Nothing is asserted.
"""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench import sizes
from tests.bench.bare_sql import BareSql, Finished

PAGE, ITEMS, SHOP = 500, 500, "shop_oneul"
POSTCODES = ("06236", "63000", "48058", "40240", "34126")


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
    database = Path(os.environ["OPSTALK_VAR_DIR"]) / "opstalk.db"
    with clock.frozen(NOW):
        with unit_of_work() as session:
            shop = make_shop(session, "oneul")
            for number in range(ITEMS):
                add_item(session, shop, number, stocked=3 * orders // ITEMS + 1)
        with unit_of_work() as session:
            taken = take_in(session, SHOP, [told(n) for n in range(PAGE)])
            allocate_waiting(session, SHOP, taken.item_ids)
            session.rollback()
        get_engine().dispose()  # the file is whole
        empty = database.read_bytes()
        took = promised = 0.0
        for start in range(0, orders, PAGE):
            page = [told(n) for n in range(start, min(start + PAGE, orders))]
            began = time.process_time()
            with unit_of_work() as session:
                taken = take_in(session, SHOP, page)
                between = time.process_time()
                allocate_waiting(session, SHOP, taken.item_ids)
                after = time.process_time()
            took += between - began + time.process_time() - after  # with the beginning and the commit
            promised += after - between
    get_engine().dispose()
    bare = bare_seconds(database, empty)
    ours = took + promised
    return {
        "orders": orders, "take_in_match": round(took, 2), "allocate": round(promised, 2), "ours": round(ours, 2),
        "bare_sql": round(bare, 2), "ratio": round(ours / bare, 2), "microseconds_an_order": round(ours / orders * 1e6),
    }  # fmt: skip


def told(number: int) -> Any:
    from tests.backend.orders.build import line, order

    def one(name: str, item: int) -> Any:
        return line(f"{number}{name}", seller_code=f"P{item % ITEMS:05}-01", name=f"울 가디건 {item % ITEMS}")

    lines = (one("a", number), one("b", number * 7 + 1)) if number % 2 else (one("a", number),)
    made = order(number)
    own = {name: getattr(made, name) + timedelta(seconds=number) for name in ("ordered_at", "paid_at", "changed_at")}
    return order(number, *lines, postcode=POSTCODES[number % len(POSTCODES)], **own)


def bare_seconds(done: Path, empty: bytes) -> float:
    """The finished database's rows, written again by hand."""
    orders, shipments, lines = (Finished(done, name) for name in ("orders", "shipments", "order_lines"))
    own, order, item, allocated, fulfilment = (
        lines.at(name) for name in ("id", "order_id", "item_id", "allocated", "fulfilment")
    )
    of_order: dict[str, list[Any]] = {}
    for row in lines.rows:
        of_order.setdefault(row[order], []).append(row)
    bare = BareSql(done.with_name("bare.db"), empty)
    bare.database.execute("INSERT INTO number_series (shop_id, series, last) VALUES (?, 'S', 0)", (SHOP,))
    for start in range(0, len(orders.rows), PAGE):
        page = orders.rows[start : start + PAGE]
        told_lines = [line for row in page for line in of_order[row[orders.at("id")]]]
        fresh = lines.having(told_lines, allocated=0, fulfilment="unallocated")
        promises = [(line[allocated], line[fulfilment], line[own]) for line in told_lines]
        units: dict[str, int] = {}
        for line in told_lines:
            units[line[item]] = units.get(line[item], 0) + line[allocated]
        reserved = [(count, key) for key, count in units.items()]
        with bare.transaction():
            bare.update("UPDATE number_series SET last = last + ? WHERE shop_id = ?", [(len(page), SHOP)])
            bare.insert(orders, page)
            bare.insert(shipments, shipments.rows[start : start + PAGE])
            bare.insert(lines, fresh)
            bare.update(
                "UPDATE order_lines SET allocated = ?, fulfilment = ?, version = version + 1 WHERE id = ?", promises
            )
            bare.update("UPDATE stock_items SET reserved = reserved + ?, version = version + 1 WHERE id = ?", reserved)
    return bare.seconds


if __name__ == "__main__":
    sizes.main("tests.bench.orders", __doc__, "orders", (1000, 10_000, 100_000), measure)

"""How fast stock comes in by spreadsheet, beside bare SQL writing the same rows, and how that grows.

    .venv/bin/python -m tests.bench.stock [--sizes 1000 10000 50000 100000]

Processor time, on a database file of its own; each size starts from an empty shop. 100,000 SKUs are two files, as a
file holds 50,000 rows at most.
"""

import argparse
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LARGEST_FILE = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 50_000, 100_000])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    measure(200)  # warm: imports, statements, the reader
    rows = [measure(size) for size in asked.sizes]
    print("SKUs      read+check  preview  apply   of it µs/SKU  bare SQL  apply/bare  receive  bare  receive/bare")
    for row in rows:
        print(
            f"{row['skus']:>7,} {row['check']:>11.2f}s {row['preview']:>7.2f}s {row['apply']:>6.2f}s "
            f"{row['apply'] / row['skus'] * 1e6:>13.1f} {row['bare']:>8.2f}s {row['apply'] / row['bare']:>10.2f}× "
            f"{row['receive']:>7.2f}s {row['bare_receive']:>5.2f}s {row['receive'] / row['bare_receive']:>8.2f}×"
        )
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def measure(skus: int) -> dict[str, float]:
    """Seconds of processor time for each step."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OPSTALK_VAR_DIR"] = folder
        from backend import features
        from backend.db import engine as db_engine
        from backend.db.engine import unit_of_work
        from backend.db.models import metadata
        from backend.settings import get_settings
        from tests.backend.conftest import make_shop

        get_settings.cache_clear()
        db_engine.get_engine.cache_clear()
        features.load()
        engine = db_engine.get_engine()
        with engine.execution_options(opstalk_write=True).begin() as connection:
            metadata.create_all(connection)
        with unit_of_work() as session:
            make_shop(session, "oneul")
        numbers = range(skus)
        files = [numbers[at : at + LARGEST_FILE] for at in range(0, skus, LARGEST_FILE)]
        spent = dict.fromkeys(("check", "preview", "apply", "bare", "receive", "bare_receive"), 0.0)
        for part in files:
            heading = ["품목코드", "상품명", "옵션", "처음 재고", "안전재고"]
            file = csv([heading, *([f"SKU-{n:06d}", f"상품 {n // 4}", f"색 {n % 4}", 10, 3] for n in part)])
            import_file("items", file, spent)
        bare(Path(folder) / "bare.db", skus, spent)
        received = dict.fromkeys(("check", "preview", "apply"), 0.0)
        for part in files:
            import_file("receive", csv([["품목코드", "수량"], *([f"SKU-{n:06d}", 5] for n in part)]), received)
        spent["receive"] = received["apply"]
        engine.dispose()
        return {"skus": skus, **spent}


def csv(rows: list[list[Any]]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def import_file(kind: str, body: bytes, spent: dict[str, float]) -> None:
    from backend.access.actor import member_actor
    from backend.db.engine import unit_of_work
    from backend.inventory.spreadsheet.columns import ImportKind
    from backend.inventory.spreadsheet.handing_in import hand_in
    from backend.plans import service
    from backend.shops.models import Member

    def step(name: str, act: Callable[[Any, Any], Any]) -> Any:
        begun = time.process_time()
        with unit_of_work() as session:
            told = act(session, member_actor(session.get_one(Member, "mem_oneul_owner")))
        spent[name] += time.process_time() - begun
        return told

    file = step("check", lambda session, actor: hand_in(session, actor, ImportKind(kind), "bench.csv", body).id)
    plan = step(
        "preview", lambda session, actor: service.preview(session, actor, "stock.import", {"import_id": file}).id
    )
    state = step("apply", lambda session, actor: service.confirm(session, actor, plan, "key").state.value)
    assert state == "executed"


def bare(path: Path, skus: int, spent: dict[str, float]) -> None:
    """The same rows in the same tables with the same indexes, written by the driver alone."""
    from backend.db.engine import build_engine
    from backend.db.models import metadata

    engine = build_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    now = datetime.now(UTC).isoformat(" ")
    begun = time.process_time()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO stock_items (id, shop_id, code, name, option_name, options, tags, state, stocked, reserved, safety, version)"
        " VALUES (?, 'shop_oneul', ?, ?, ?, ?, '[]', 'active', 10, 0, 3, 1)",
        [
            (
                f"itm_{n:026d}",
                f"SKU-{n:06d}",
                f"상품 {n // 4} / 색 {n % 4}",
                f"색 {n % 4}",
                json.dumps({"옵션": f"색 {n % 4}"}),
            )
            for n in range(skus)
        ],
    )
    write_lines(connection, "a", skus, 10, 10, now)
    connection.execute("COMMIT")
    spent["bare"] += time.process_time() - begun
    begun = time.process_time()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "UPDATE stock_items SET stocked = ?, version = version + 1 WHERE id = ?",
        [(15, f"itm_{n:026d}") for n in range(skus)],
    )
    write_lines(connection, "b", skus, 5, 15, now)
    connection.execute("COMMIT")
    spent["bare_receive"] += time.process_time() - begun
    connection.close()


def write_lines(connection: sqlite3.Connection, turn: str, skus: int, delta: int, balance: int, now: str) -> None:
    connection.executemany(
        "INSERT INTO stock_movements (id, shop_id, item_id, reason, delta, balance, at, by_id, by_name, source_type, source_id)"
        " VALUES (?, 'shop_oneul', ?, 'receive', ?, ?, ?, 'mem_oneul_owner', 'oneul owner', 'import', 'imp_x')",
        [(f"mov_{turn}{n:026d}", f"itm_{n:026d}", delta, balance, now) for n in range(skus)],
    )


if __name__ == "__main__":
    main()

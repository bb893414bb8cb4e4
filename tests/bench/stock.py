"""How fast stock comes in by spreadsheet, beside bare SQL writing the same rows, and how that grows.

`python -m tests.bench.stock [--skus 1000 10000 50000 100000] [--out FILE]`: JSON and a table, in seconds of processor time,
each number in a process of its own, warmed with a small file in another shop's database. New items are imported with
their first stock, then each receives five more. "file" reads and checks what was handed in and keeps it, "preview" says
what it would do, "apply" writes: that is what bare SQL is asked to do as well (`bare_sql.py`; the same rows of items and
ledger, a transaction for each file). "all" is the three together, beside bare SQL that also keeps the file.
A file holds 50,000 rows at most: 100,000 SKUs are two. Nothing is asserted.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from tests.bench import sizes
from tests.bench.bare_sql import BareSql, Finished

LARGEST_FILE, WARM = 50_000, 200
STEPS = ("file", "preview", "apply")


def measure(skus: int) -> dict[str, Any]:
    """In this process; `OPSTALK_VAR_DIR` names an empty folder."""
    with tempfile.TemporaryDirectory(dir=os.environ["OPSTALK_VAR_DIR"]) as folder:
        _imported(Path(folder), WARM)
    told, received, bare = _imported(Path(os.environ["OPSTALK_VAR_DIR"]), skus)
    whole = sum(told.values())
    return {
        "skus": skus, **{step: round(told[step], 2) for step in STEPS}, "bare": round(bare["apply"], 2),
        "apply/bare": round(told["apply"] / bare["apply"], 2), "all/bare": round(whole / (bare["apply"] + bare["file"]), 2),
        "receive": round(received["apply"], 2), "bare_receive": round(bare["receive"], 2),
        "receive/bare": round(received["apply"] / bare["receive"], 2), "microseconds_a_sku": round(told["apply"] / skus * 1e6),
    }  # fmt: skip


def _imported(folder: Path, skus: int) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Seconds by step: items with their first stock, receiving, bare SQL."""
    from backend import features
    from backend.db import engine as db_engine
    from backend.db.engine import unit_of_work
    from backend.db.schema import migrate
    from backend.settings import get_settings
    from tests.backend.conftest import make_shop

    os.environ["OPSTALK_VAR_DIR"] = str(folder)
    get_settings.cache_clear()
    db_engine.get_engine.cache_clear()
    features.load()
    migrate()
    with unit_of_work() as session:
        make_shop(session, "oneul")
    db_engine.get_engine().dispose()  # the file is whole
    database = folder / "opstalk.db"
    empty = database.read_bytes()
    told, received = dict.fromkeys(STEPS, 0.0), dict.fromkeys(STEPS, 0.0)
    for part in batched(range(skus), LARGEST_FILE):
        heading = ["품목코드", "상품명", "옵션", "처음 재고", "안전재고"]
        _import("items", [heading, *([f"SKU-{n:06d}", f"상품 {n // 4}", f"색 {n % 4}", 10, 3] for n in part)], told)
    for part in batched(range(skus), LARGEST_FILE):
        _import("receive", [["품목코드", "수량"], *([f"SKU-{n:06d}", 5] for n in part)], received)
    db_engine.get_engine().dispose()
    return told, received, bare_seconds(database, empty)


def _import(kind: str, rows: list[list[Any]], spent: dict[str, float]) -> None:
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

    body = "\n".join(",".join(map(str, row)) for row in rows).encode()
    file = step("file", lambda session, actor: hand_in(session, actor, ImportKind(kind), "bench.csv", body).id)
    wish = {"import_id": file}
    plan = step("preview", lambda session, actor: service.preview(session, actor, "stock.import", wish).id)
    state = step("apply", lambda session, actor: service.confirm(session, actor, plan, "key").state.value)
    assert state == "executed"


def bare_seconds(done: Path, empty: bytes) -> dict[str, float]:
    """The finished database's rows, written again by hand: items as new, and their lines; then five more of each."""
    files, items, lines = (Finished(done, name) for name in ("stock_imports", "stock_items", "stock_movements"))
    item, balance, source = (lines.at(name) for name in ("item_id", "balance", "source_id"))
    by_file: dict[str, list[Any]] = {row[files.at("id")]: [] for row in files.rows}
    for line in lines.rows:
        by_file[line[source]].append(line)
    bare = BareSql(done.with_name("bare.db"), empty)
    spent = dict.fromkeys(("file", "apply", "receive"), 0.0)
    new = _in_parts(items.having(items.rows, stocked=10, version=1))
    for file in files.rows:
        moves = by_file[file[files.at("id")]]
        is_new = file[files.at("kind")] == "items"
        with bare.transaction():
            bare.insert(files, files.having([file], applied_at=None, version=1))
        kept = bare.take_seconds()
        spent["file"] += kept if is_new else 0.0
        applied = [(file[files.at("applied_at")], file[files.at("id")])]
        with bare.transaction():
            bare.update("UPDATE stock_imports SET applied_at = ?, version = version + 1 WHERE id = ?", applied)
            if is_new:
                bare.insert(items, next(new))
            bare.insert(lines, moves)
            if not is_new:
                stocked = [(line[balance], line[item]) for line in moves]
                bare.update("UPDATE stock_items SET stocked = ?, version = version + 1 WHERE id = ?", stocked)
        spent["apply" if is_new else "receive"] += bare.take_seconds()
    return spent


def _in_parts(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[at : at + LARGEST_FILE] for at in range(0, len(rows), LARGEST_FILE))


if __name__ == "__main__":
    sizes.main("tests.bench.stock", __doc__, "skus", (1_000, 10_000, 50_000, 100_000), measure)

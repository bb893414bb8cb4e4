"""Putting back what a reset took away, out of its file: all of it in one transaction, and a second time nothing more.

An order that came in again meanwhile stays as it is; one whose number is somebody else's by now gets a mark behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor, ActorKind
from backend.access.permissions import Permission
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.changes.sentinels import NOW
from backend.db.locks import take_turn
from backend.errors import NotFound, NothingToChange
from backend.inventory import ledger
from backend.inventory.models import StockItem
from backend.inventory_settings import backup
from backend.inventory_settings.models import OrderReset
from backend.inventory_settings.reset_tables import EMPTIED, Emptied, key_of
from backend.orders.models import Order
from backend.products.models import ProductDay
from backend.shops.models import Shop

Rows = dict[str, list[dict[str, Any]]]
AT_ONCE = 500


@dataclass
class Restored:
    """Rows put back by table; `here_again` are orders that came in again, by their number in the file."""

    counts: dict[str, int] = field(default_factory=dict)
    here_again: list[str] = field(default_factory=list)


def restore(session: Session, path: Path) -> Restored:
    """Raises BackupUnreadable, NotFound for a shop or reset that is not here, NothingToChange when it was put back already."""
    header = backup.verified(path)
    reset = session.get(OrderReset, header.reset_id)
    shop = session.get(Shop, header.shop_id)
    if shop is None or reset is None or reset.shop_id != shop.id:
        raise NotFound("the shop of this file is not here")
    take_turn(session, [shop.id])
    session.refresh(reset)
    if reset.restored_at is not None:
        raise NothingToChange("it was put back already", at=reset.restored_at.isoformat())
    rows = _read(path, reset.sha256)
    done = Restored()
    _leave_out_known_orders(session, shop.id, rows, done)
    for emptied in EMPTIED:
        done.counts[emptied.name] = _put(session, emptied, rows[emptied.name])
    _promise_again(session, shop.id, rows["order_lines"])
    apply(session, _hand(shop.id), "orders.restore", Source("direct", reset.id), [
        Change("order_reset", reset.id, "restored_at", None, NOW, shop.name)
    ])  # fmt: skip
    return done


def _hand(shop_id: str) -> Actor:
    return Actor(ActorKind.OPERATIONS, "restore", "restore", shop_id, frozenset({Permission.SHOP_READ}))


def _read(path: Path, digest: str | None) -> Rows:
    rows: Rows = {emptied.name: [] for emptied in EMPTIED}
    for emptied, row in backup.rows(path, digest):
        rows[emptied.name].append(row)
    return rows


def _leave_out_known_orders(session: Session, shop_id: str, rows: Rows, done: Restored) -> None:
    """What the market told again is the newer telling; it keeps its place, and the rest of that order stays in the file."""
    here = list(
        session.execute(
            select(Order.order_no, Order.market, Order.market_order_no).where(Order.shop_id == shop_id)
        ).tuples()
    )
    numbers, told = {number for number, _, _ in here}, {(market, no) for _, market, no in here if no}
    again = {row["id"] for row in rows["orders"] if (row["market"], row["market_order_no"]) in told}
    done.here_again = [row["order_no"] for row in rows["orders"] if row["id"] in again]
    rows["orders"] = [row for row in rows["orders"] if row["id"] not in again]
    for row in rows["orders"]:
        while row["order_no"] in numbers:
            row["order_no"] += "-R"
        numbers.add(row["order_no"])
    for table in ("order_lines", "claims", "order_notes"):
        rows[table] = [row for row in rows[table] if row["order_id"] not in again]


def _put(session: Session, emptied: Emptied, rows: list[dict[str, Any]]) -> int:
    """Rows that stand here already, and those a newer one has the place of, are left as they are."""
    if emptied.model is ProductDay:
        return _add_up_days(session, rows)
    known = _known(session, emptied, rows)
    new = [row for row in rows if not _stands(known, emptied, row)]
    for some in batched(new, AT_ONCE):
        session.execute(insert(emptied.table), list(some))
    return len(new)


def _unique(emptied: Emptied) -> list[str]:
    """A column that is unique in a shop beside the primary key: an order's is looked at before."""
    return {
        "shipments": ["number"],
        "claims": ["market_key"],
        "early_claims": ["market_key"],
        "market_commands": ["key"],
    }.get(emptied.name, [])


def _known(session: Session, emptied: Emptied, rows: list[dict[str, Any]]) -> dict[str, set[Any]]:
    columns = [column.name for column in emptied.table.primary_key] + _unique(emptied)
    known: dict[str, set[Any]] = {}
    for name in columns:
        said = [row[name] for row in rows if row[name] is not None]
        known[name] = set()
        for some in batched(said, AT_ONCE):
            column = emptied.table.c[name]
            query = select(column).where(column.in_(some), emptied.table.c.shop_id == rows[0]["shop_id"])
            known[name].update(session.scalars(query))
    return known


def _stands(known: dict[str, set[Any]], emptied: Emptied, row: dict[str, Any]) -> bool:
    """A parcel whose number was given anew gets a mark behind its own; a claim or command told again stands already."""
    if key_of(emptied, row)[0] in known[next(iter(known))]:
        return True
    for name in _unique(emptied):
        if row[name] in known[name]:
            if emptied.name != "shipments":
                return True
            row[name] += "-R"
    return False


def _add_up_days(session: Session, rows: list[dict[str, Any]]) -> int:
    """A day that has numbers of its own by now has both."""
    table = ProductDay.__table__
    for some in batched(rows, AT_ONCE):
        days = {row["day"] for row in some}
        products = {row["product_id"] for row in some}
        query = select(ProductDay.product_id, ProductDay.day).where(
            ProductDay.product_id.in_(products), ProductDay.day.in_(days)
        )
        here = set(session.execute(query).tuples())
        new = [row for row in some if (row["product_id"], row["day"]) not in here]
        if new:
            session.execute(insert(table), new)  # type: ignore[arg-type]
        for row in some:
            if (row["product_id"], row["day"]) in here:
                more = {
                    name: getattr(ProductDay, name) + row[name] for name in ("views", "orders", "quantity", "revenue")
                }
                session.execute(
                    update(ProductDay)
                    .where(ProductDay.product_id == row["product_id"], ProductDay.day == row["day"])
                    .values(**more)
                    .execution_options(synchronize_session=False)
                )
    return len(rows)


def _promise_again(session: Session, shop_id: str, lines: Iterable[dict[str, Any]]) -> None:
    """Stock that was promised is promised again, though it may be elsewhere by now: a shortage then shows."""
    promised: dict[str, int] = {}
    for line in lines:
        if line["item_id"] and line["allocated"]:
            promised[line["item_id"]] = promised.get(line["item_id"], 0) + line["allocated"]
    here = set(session.scalars(select(StockItem.id).where(StockItem.shop_id == shop_id, StockItem.id.in_(promised))))
    for item_id in sorted(promised.keys() & here):
        ledger.reserve(session, shop_id, item_id, promised[item_id], limited=False)

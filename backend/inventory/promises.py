"""Promises to many orders at once: the same column as `ledger.reserve` and `release` write, in a few statements."""

from collections.abc import Mapping
from itertools import batched
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.db.locks import take_turn
from backend.errors import Conflict
from backend.inventory.models import StockItem

AT_ONCE = 500


def stock_now(session: Session, shop_id: str, item_ids: set[str]) -> dict[str, tuple[int, int]]:
    """Stocked and reserved of each item, which nobody else moves until this transaction ends."""
    take_turn(session, [shop_id])
    session.flush()
    found: dict[str, tuple[int, int]] = {}
    for some in batched(sorted(item_ids), AT_ONCE):
        rows = session.execute(
            select(StockItem.id, StockItem.stocked, StockItem.reserved).where(
                StockItem.shop_id == shop_id, StockItem.id.in_(some)
            )
        )
        found |= {item_id: (stocked, reserved) for item_id, stocked, reserved in rows}
    return found


def promise_many(session: Session, shop_id: str, units: Mapping[str, int], *, limited: bool = True) -> None:
    """Units by item: above nothing promised, below taken back. Raises Conflict `stock_short` and writes nothing; a promise
    can always be taken back, of an item too that has less than was promised (a market's own page sent what we had)."""
    wanted = {item_id: moved for item_id, moved in units.items() if moved}
    if not wanted:
        return
    held = stock_now(session, shop_id, set(wanted))
    for item_id, moved in wanted.items():
        stocked, reserved = held.get(item_id, (0, 0))
        if reserved + moved < 0 or (limited and moved > max(0, stocked - reserved)):
            raise Conflict("not enough of it", code="stock_short", item_id=item_id, available=stocked - reserved)
    table: Any = StockItem.__table__
    session.execute(
        update(table)
        .where(table.c.id == bindparam("item"))
        .values(reserved=table.c.reserved + bindparam("moved"), version=table.c.version + 1),
        [{"item": item_id, "moved": wanted[item_id]} for item_id in sorted(wanted)],
    )
    forget(session, StockItem, wanted)


def forget(session: Session, model: type, ids: object) -> None:
    """What the session holds of these rows is read again when it is next asked for."""
    for item_id in ids:  # type: ignore[attr-defined]
        held = session.identity_map.get(session.identity_key(model, item_id))
        if held is not None:
            session.expire(held)

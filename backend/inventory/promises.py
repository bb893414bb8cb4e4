"""Promises to many orders at once: the same column as `ledger.reserve` and `release` write, in a few statements."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.db.bulk import update_many
from backend.db.locks import take_turn
from backend.errors import Conflict
from backend.inventory.models import StockItem


def promise_many(session: Session, shop_id: str, units: Mapping[str, int], *, limited: bool = True) -> None:
    """Units by item: above nothing promised, below taken back. Raises Conflict `stock_short` and writes nothing; a promise
    can always be taken back, of an item too that has less than was promised (a market's own page sent what we had)."""
    wanted = {item_id: moved for item_id, moved in sorted(units.items()) if moved}
    if not wanted:
        return
    take_turn(session, [shop_id])
    asked = [item_id for item_id, moved in wanted.items() if limited or moved < 0]
    held = _stock_now(session, shop_id, asked) if asked else {}
    for item_id in asked:
        moved, (stocked, reserved) = wanted[item_id], held.get(item_id, (0, 0))
        if reserved + moved < 0 or (limited and moved > max(0, stocked - reserved)):
            raise Conflict("not enough of it", code="stock_short", item_id=item_id, available=stocked - reserved)
    rows = [{"id": item_id, "reserved": moved} for item_id, moved in wanted.items()]
    update_many(session, StockItem, (), rows, adding=("reserved",))
    forget(session, StockItem, wanted)


def _stock_now(session: Session, shop_id: str, item_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Stocked and reserved of each item, which nobody else moves until this transaction ends."""
    session.flush()
    item: Any = StockItem.__table__.c
    query = select(item.id, item.stocked, item.reserved).where(item.shop_id == shop_id, among(item.id, item_ids))
    return {item_id: (stocked, reserved) for item_id, stocked, reserved in session.execute(query)}


def forget(session: Session, model: type, ids: Iterable[str]) -> None:
    """What the session holds of these rows is read again when it is next asked for; it holds few, they may be many."""
    kind: type = inspect(model).class_
    held = [key for key in session.identity_map.keys() if key[0] is kind]  # noqa: SIM118 - it is no dict
    written = set(ids) if held else set()
    for key in held:
        if key[1][0] in written and (row := session.identity_map.get(key)) is not None:
            session.expire(row)

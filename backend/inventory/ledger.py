"""The one writer of stock: every movement is a line of the ledger, every promise to an order a reservation.

The conditional UPDATE decides between two who want the last piece, on every database. Callers that touch several items
do so in the order of their ids, so that two of them never wait for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from backend.access.actor import Actor
from backend.db.locks import take_turn
from backend.errors import Conflict
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import MovementReason
from backend.kit import clock
from backend.kit.ids import new_id


@dataclass(frozen=True)
class Why:
    """What a movement belongs to; the same `key` moves stock once, however often it is asked for."""

    reason: MovementReason
    source_type: str
    source_id: str
    key: str | None = None
    line_id: str | None = None
    type_id: str | None = None
    note: str | None = None


def post(
    session: Session, actor: Actor, item_id: str, delta: int, why: Why, *, floor: bool = True, free: bool = False
) -> StockMovement:
    """Move stock by `delta` and write it down. With `floor` raises Conflict `stock_short` rather than go below nothing,
    with `free` rather than take what is promised to orders."""
    take_turn(session, [actor.shop_id])
    if why.key is not None:
        query = select(StockMovement).where(StockMovement.shop_id == actor.shop_id, StockMovement.key == why.key)
        if done := session.scalars(query).first():
            return done
    balance = moved(session, actor.shop_id, item_id, delta, floor=floor, free=free)
    movement = StockMovement(
        id=new_id("mov"), shop_id=actor.shop_id, item_id=item_id, reason=why.reason, type_id=why.type_id, delta=delta,
        balance=balance, note=why.note, at=clock.now(), by_id=actor.id, by_name=actor.name,
        source_type=why.source_type, source_id=why.source_id, line_id=why.line_id, key=why.key,
    )  # fmt: skip
    session.add(movement)
    return movement


def moved(session: Session, shop_id: str, item_id: str, delta: int, *, floor: bool = True, free: bool = False) -> int:
    """The stock after it; only for a movement that is written down in the same transaction."""
    fits = []
    if delta < 0 and floor:
        fits.append(StockItem.stocked + delta >= 0)
    if delta < 0 and free:
        fits.append(StockItem.stocked + delta >= StockItem.reserved)
    return _written(session, shop_id, item_id, fits, stocked=StockItem.stocked + delta)[0]


def reserve(session: Session, shop_id: str, item_id: str, quantity: int, *, limited: bool = True) -> None:
    """Promise stock to an order; `limited` False promises what is not there (allocation basis 제한없음, source: 002).

    Raises Conflict `stock_short` with `available`.
    """
    fits = [StockItem.stocked - StockItem.reserved >= quantity] if limited and quantity > 0 else []
    _written(session, shop_id, item_id, fits, reserved=StockItem.reserved + quantity)


def release(session: Session, shop_id: str, item_id: str, quantity: int) -> None:
    """Take a promise back; a promise that was never given is a mistake of ours and raises Conflict `stock_short`."""
    _written(session, shop_id, item_id, [StockItem.reserved >= quantity], reserved=StockItem.reserved - quantity)


def _written(session: Session, shop_id: str, item_id: str, fits: Iterable[object], **values: object) -> tuple[int, int]:
    take_turn(session, [shop_id])
    session.flush()
    row = session.execute(
        update(StockItem)
        .where(StockItem.id == item_id, StockItem.shop_id == shop_id, *fits)  # type: ignore[arg-type]
        .values(version=StockItem.version + 1, **values)
        .returning(StockItem.stocked, StockItem.reserved, StockItem.version)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    held = session.identity_map.get(session.identity_key(StockItem, item_id))
    if row is None:
        if held is not None:
            session.expire(held)
        item = session.get(StockItem, item_id)
        if item is None or item.shop_id != shop_id:
            raise Conflict("no such item", code="stock_short", item_id=item_id, available=0)
        raise Conflict(
            "not enough of it", code="stock_short", item_id=item_id, item=item.name, stocked=item.stocked,
            reserved=item.reserved, available=max(0, item.available),
        )  # fmt: skip
    if held is not None:
        for name, value in zip(("stocked", "reserved", "version"), row, strict=True):
            set_committed_value(held, name, value)
    return row.stocked, row.reserved

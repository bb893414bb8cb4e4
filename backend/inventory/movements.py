"""Why stock changed: the ledger as a person reads it, newest first."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.errors import InvalidInput
from backend.inventory.asked import ItemMovementsAsked
from backend.inventory.models import MovementType, StockItem, StockMovement
from backend.inventory.schemas import MovementOut, MovementPage
from backend.kit.clock import SEOUL, UTC
from backend.kit.paging import Page
from backend.orders.models import Order, OrderLine

LONGEST = timedelta(days=366)


def movements_of(
    session: Session, shop_id: str, asked: ItemMovementsAsked, *of_what: ColumnElement[bool]
) -> MovementPage:
    """Raises InvalidInput `period_invalid`."""
    wanted = [StockMovement.shop_id == shop_id, *of_what, *_within(asked.first, asked.last)]
    if asked.reason is not None:
        wanted.append(StockMovement.reason == asked.reason)
    of_item = StockItem.id == StockMovement.item_id
    summed = session.execute(
        select(StockMovement.reason, func.count(), func.sum(StockMovement.delta))
        .join(StockItem, of_item).where(*wanted).group_by(StockMovement.reason)
    ).all()  # fmt: skip
    rows = session.execute(
        select(StockMovement, StockItem.code, StockItem.name, MovementType.name, Order.order_no)
        .join(StockItem, of_item)
        .outerjoin(MovementType, MovementType.id == StockMovement.type_id)
        .outerjoin(OrderLine, OrderLine.id == StockMovement.line_id)
        .outerjoin(Order, Order.id == OrderLine.order_id)
        .where(*wanted).order_by(StockMovement.at.desc(), StockMovement.id.desc()).limit(asked.limit).offset(asked.offset)
    ).all()  # fmt: skip
    total = sum(count for _, count, _ in summed)
    undone = _undone(session, [row for row, *_ in rows])
    page = Page([_out(row, *told, undone=row.id in undone) for row, *told in rows], total, asked.limit, asked.offset)
    return MovementPage(
        movements=page.items, totals={why: int(delta) for why, _, delta in summed}, total=total, limit=asked.limit,
        offset=asked.offset, next_offset=page.next_offset,
    )  # fmt: skip


def _within(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    if first and last and (last < first or last - first > LONGEST):
        raise InvalidInput(
            "the period does not fit", code="period_invalid", fields=[{"field": "to", "message": "order"}]
        )
    found = []
    if first:
        found.append(StockMovement.at >= _start_of(first))
    if last:
        found.append(StockMovement.at < _start_of(last) + timedelta(days=1))
    return found


def _undone(session: Session, rows: Sequence[StockMovement]) -> set[str]:
    """The lines that a later line put back, unless that one was put back in turn."""
    query = select(StockMovement.id, StockMovement.undoes).where(
        StockMovement.item_id.in_({row.item_id for row in rows}), StockMovement.undoes.is_not(None)
    )
    undoing: dict[str, list[str]] = {}
    for later, of in session.execute(query):
        undoing.setdefault(str(of), []).append(later)

    def is_undone(line: str) -> bool:
        return any(not is_undone(later) for later in undoing.get(line, ()))

    return {row.id for row in rows if is_undone(row.id)}


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


def _out(
    row: StockMovement, code: str, item: str, kind: str | None, order_no: str | None, *, undone: bool
) -> MovementOut:
    return MovementOut(
        id=row.id, at=row.at, item_id=row.item_id, code=code, item=item, reason=row.reason, type=kind, delta=row.delta,
        before=row.balance - row.delta, balance=row.balance, note=row.note, by_name=row.by_name,
        source_type=row.source_type, source_id=row.source_id, order_no=order_no, undoes=row.undoes,
        undone=undone,
    )  # fmt: skip

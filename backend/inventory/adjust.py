"""Receiving, issuing and correcting stock by hand: one ledger line an item, previewed from old to new.

What is promised to orders cannot be issued while only stock that is there may be promised (source: 002, 재고할당 및
차감기준); a count is what it is, and may fall under it with a warning.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Effect
from backend.errors import Conflict, InvalidInput, NotFound, NothingToChange
from backend.inventory.models import MovementType, StockItem
from backend.inventory.states import Direction, ItemState, MovementReason
from backend.inventory.targets import movement
from backend.inventory_settings.read import allocation_is_limited
from backend.plans.kinds import PlanKind, Proposal, register

LARGEST = 1_000_000
Pieces = Annotated[int, Field(ge=1, le=LARGEST)]


class Way(StrEnum):
    RECEIVE = "receive"
    ISSUE = "issue"
    CORRECT = "correct"


class Line(BaseModel):
    """`quantity` of a receipt or an issue; a correction says the counted number (`to`) or the difference (`by`)."""

    item_id: str
    quantity: Pieces | None = None
    to: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    by: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] | None = None

    @model_validator(mode="after")
    def _one_number(self) -> "Line":
        if [self.quantity, self.to, self.by].count(None) != 2:
            raise ValueError("say one of quantity, to and by")
        return self


class AdjustParams(BaseModel):
    way: Literal[Way.RECEIVE, Way.ISSUE, Way.CORRECT]
    lines: Annotated[list[Line], Field(min_length=1, max_length=100)]
    type_id: str | None = None
    note: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "AdjustParams":
        if len({line.item_id for line in self.lines}) != len(self.lines):
            raise ValueError("each item once")
        if any((line.quantity is None) != (self.way is Way.CORRECT) for line in self.lines):
            raise ValueError("a correction says to or by, anything else a quantity")
        return self


def items_by_id(session: Session, actor: Actor, ids: Sequence[str]) -> dict[str, StockItem]:
    """Raises NotFound `item_not_found` when one of them is not in the shop's stock list."""
    query = select(StockItem).where(
        StockItem.shop_id == actor.shop_id, StockItem.id.in_(ids), StockItem.state == ItemState.ACTIVE
    )
    found = {item.id: item for item in session.scalars(query)}
    if missing := [item_id for item_id in ids if item_id not in found]:
        raise NotFound("no such item in this shop's stock", code="item_not_found", count=len(missing))
    return found


def propose_adjust(session: Session, actor: Actor, params: AdjustParams) -> Proposal:
    """Raises NotFound `item_not_found` and `movement_type_not_found`, InvalidInput `movement_type_direction`, Conflict
    `stock_short` with what there is and what is promised, NothingToChange `stock_is_so`."""
    actor.require(Permission.STOCK_MOVE)
    items = items_by_id(session, actor, [line.item_id for line in params.lines])
    kind = _type_of(session, actor, params)
    limited = allocation_is_limited(session, actor.shop_id)
    changes, rows = [], []
    for line in sorted(params.lines, key=lambda line: line.item_id):
        item = items[line.item_id]
        delta = delta_of(params.way, line, item)
        if delta == 0:
            continue
        check_stock(item, delta, params.way, limited)
        values: dict[str, Any] = {"type_id": params.type_id} if params.type_id else {}
        changes.append(movement(item, delta, MovementReason(params.way), note=params.note, **values))
        rows.append(row_of(item, delta))
    if not changes:
        raise NothingToChange("stock already is so", code="stock_is_so", items=[
            {"item": items[line.item_id].name, "stocked": items[line.item_id].stocked} for line in params.lines
        ])  # fmt: skip
    told = {"way": params.way.value, "items": rows, "type": kind.name if kind else None, "note": params.note}
    return Proposal(changes, [Effect("stock_moves", told), *warnings(rows)], reason=params.note)


def delta_of(way: Way, line: Line, item: StockItem) -> int:
    if line.to is not None:
        return line.to - item.stocked
    if line.by is not None:
        return line.by
    return (line.quantity or 0) * (-1 if way is Way.ISSUE else 1)


def check_stock(item: StockItem, delta: int, way: Way, limited: bool) -> None:
    """Raises Conflict `stock_short`; with unlimited allocation stock may be taken below nothing."""
    least = item.reserved if way is Way.ISSUE else 0
    if limited and delta < 0 and item.stocked + delta < least:
        raise Conflict(
            "not enough of it", code="stock_short", item_id=item.id, item=item.name, stocked=item.stocked,
            reserved=item.reserved, available=max(0, item.available), asked=-delta, way=way.value,
        )  # fmt: skip


def row_of(item: StockItem, delta: int) -> dict[str, Any]:
    """One row of a preview, exact: it is stale when any of it moved."""
    after = item.stocked + delta
    return {
        "item_id": item.id, "code": item.code, "item": item.name, "before": item.stocked, "delta": delta, "after": after,
        "reserved": item.reserved, "available": after - item.reserved, "safety": item.safety,
    }  # fmt: skip


def warnings(rows: Sequence[dict[str, Any]]) -> list[Effect]:
    """What falls under what was promised, or to the safety quantity and below."""
    fallen = [row for row in rows if row["delta"] < 0]
    promised = [row for row in fallen if row["available"] < 0]
    unsafe = [
        row for row in fallen
        if 0 <= row["available"] <= row["safety"] < row["available"] - row["delta"]
    ]  # fmt: skip
    found = {"stock_under_promised": promised, "stock_under_safety": unsafe}
    return [Effect(code, {"items": some}) for code, some in found.items() if some]


def _type_of(session: Session, actor: Actor, params: AdjustParams) -> MovementType | None:
    if params.type_id is None:
        return None
    kind = session.get(MovementType, params.type_id)
    if kind is None or kind.shop_id != actor.shop_id or not kind.active:
        raise NotFound("no such kind of movement", code="movement_type_not_found")
    fits = {Way.RECEIVE: Direction.IN, Way.ISSUE: Direction.OUT}.get(params.way)
    if fits is not kind.direction:
        raise InvalidInput(
            "that kind moves the other way", code="movement_type_direction", type=kind.name,
            direction=kind.direction.value, fields=[{"field": "type_id", "message": "direction"}],
        )  # fmt: skip
    return kind


register(PlanKind("stock.adjust", AdjustParams, propose_adjust))

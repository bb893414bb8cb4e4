"""The main display page: the groups as the shop's visitors see them, and what PRO has announced to change."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.display.models import DisplayGroup, DisplaySlot
from backend.display.service import groups_of, names_of, slots_shown
from backend.operations.models import Run
from backend.operations.states import WAITING
from backend.products.models import Product
from backend.web.demo.pro_marks import Mark, marks_of


@dataclass(frozen=True)
class Place:
    """`before` is the name of the product that stood here until PRO moved it."""

    slot: DisplaySlot
    product: Product | None
    mark: Mark | None
    before: str | None


@dataclass(frozen=True)
class Group:
    group: DisplayGroup
    places: list[Place]


@dataclass(frozen=True)
class Coming:
    """The next arrangement that was announced."""

    at: datetime
    announced_at: datetime
    rows: list[tuple[str, str | None, str | None]]


def main_page(session: Session, shop_id: str) -> list[Group]:
    found = slots_shown(session, shop_id)
    marks = marks_of(session, shop_id, "display_slot", {(slot.id, "product_id"): slot.product_id for slot, _ in found})
    names = names_of(session, shop_id, {mark.before for mark in marks.values()})
    places: dict[str, list[Place]] = {}
    for slot, product in found:
        mark = marks.get((slot.id, "product_id"))
        before = names.get(mark.before) if mark and mark.before else None
        places.setdefault(slot.group_id, []).append(Place(slot, product, mark, before))
    return [Group(group, places.get(group.id, [])) for group in groups_of(session, shop_id)]


def coming_arrangement(session: Session, shop_id: str) -> Coming | None:
    query = select(Run).where(
        Run.shop_id == shop_id, Run.operation == "main_display", Run.state.in_(WAITING), Run.announced_at.is_not(None)
    )
    run = session.scalars(query.order_by(Run.scheduled_for).limit(1)).first()
    if run is None or run.announced_at is None:
        return None
    moves = [change for change in run.planned if change.get("field") == "product_id"]
    names = names_of(session, shop_id, {value for m in moves for value in (m["before"], m["after"])})
    rows = [(m["label"], names.get(m["before"] or ""), names.get(m["after"] or "")) for m in moves]
    return Coming(run.scheduled_for, run.announced_at, rows)

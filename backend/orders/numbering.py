"""The numbers a shop gives out itself: shipments by the day, parts of a split shipment after their first."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.db.locks import take_turn
from backend.kit import clock
from backend.orders.models import NumberSeries, Shipment


def take(session: Session, shop_id: str, series: str, count: int) -> int:
    """The first of `count` numbers that are now taken, in the shop's turn."""
    take_turn(session, [shop_id])
    table: Any = NumberSeries.__table__
    last: int | None = session.execute(
        update(table)
        .where(table.c.shop_id == shop_id, table.c.series == series)
        .values(last=table.c.last + count)
        .returning(table.c.last)
    ).scalar_one_or_none()
    if last is None:
        session.add(NumberSeries(shop_id=shop_id, series=series, last=count))
        session.flush()
        return 1
    return last - count + 1


def shipment_series() -> str:
    return f"S{clock.seoul(clock.now()):%Y%m%d}"


def shipment_number(series: str, number: int) -> str:
    return f"{series}-{number:05d}"


def next_part(session: Session, shipment: Shipment) -> str:
    """The number of the parcel that is split off next: S20261121-00012-2."""
    root = "-".join(shipment.number.split("-")[:2])
    family = select(func.count()).where(Shipment.shop_id == shipment.shop_id, Shipment.number.startswith(f"{root}-"))
    return f"{root}-{(session.scalar(family) or 0) + 2}"

"""The numbers a shop gives out itself: shipments by the day, parts of a split shipment after their first."""

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.orders.models import NumberSeries, Shipment


def take(session: Session, shop_id: str, series: str, count: int) -> int:
    """The first of `count` numbers that are now taken; with 0 only queues behind whoever takes in orders of this shop.

    The row stays locked until the transaction ends, so that two collections of one shop follow each other.
    """
    last = _moved(session, shop_id, series, count)
    if last is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(shop_id=shop_id, series=series, last=0))
        except IntegrityError:
            pass  # another collection began the series at the same moment
        last = _moved(session, shop_id, series, count)
    assert last is not None
    return last - count + 1


def _moved(session: Session, shop_id: str, series: str, count: int) -> int | None:
    return session.execute(
        update(NumberSeries)
        .where(NumberSeries.shop_id == shop_id, NumberSeries.series == series)
        .values(last=NumberSeries.last + count)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()


def shipment_series() -> str:
    return f"S{clock.seoul(clock.now()):%Y%m%d}"


def shipment_number(series: str, number: int) -> str:
    return f"{series}-{number:05d}"


def next_part(session: Session, shipment: Shipment) -> tuple[str, str]:
    """Id and number of the parcel that is split off next: S20261121-00012-2; both are known in the preview already."""
    root = "-".join(shipment.number.split("-")[:2])
    first = session.scalars(
        select(Shipment.id).where(Shipment.shop_id == shipment.shop_id, Shipment.number == root)
    ).first()
    family = select(func.count()).where(Shipment.shop_id == shipment.shop_id, Shipment.number.startswith(f"{root}-"))
    part = (session.scalar(family) or 0) + 2
    return f"{(first or shipment.id).split('-')[0]}-{part}", f"{root}-{part}"

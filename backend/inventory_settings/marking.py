"""Marks the orders that wait as 도서산간 or not, by the table and the shop's edits (source: 002, 도서지역)."""

from collections.abc import Iterator
from itertools import batched

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.inventory_settings.catalogue import RemoteAreas
from backend.inventory_settings.read import values_of
from backend.inventory_settings.remote_areas import marked
from backend.inventory_settings.waiting import waiting_orders
from backend.orders.models import Order


def marks_to_change(
    session: Session, shop_id: str, marking: bool, edits: RemoteAreas
) -> Iterator[tuple[str, str | None, str | None]]:
    """(order id, mark of before, mark of then) of the waiting orders that these settings would mark otherwise."""
    columns = (Order.id, Order.remote_area, Order.postcode, Order.country)
    for order_id, before, postcode, country in session.execute(waiting_orders(shop_id).with_only_columns(*columns)):
        after = marked(marking, edits, postcode, country)
        if after != before:
            yield order_id, before, after


def mark_again(session: Session, shop_id: str) -> int:
    """How many orders changed; what left already keeps its mark."""
    set_so = values_of(session, shop_id, "remote_area_marking", "remote_areas")
    by_mark: dict[str | None, list[str]] = {}
    for order_id, _, after in marks_to_change(session, shop_id, set_so["remote_area_marking"], set_so["remote_areas"]):
        by_mark.setdefault(after, []).append(order_id)
    for mark, ids in by_mark.items():
        for some in batched(sorted(ids), 500):
            session.execute(
                update(Order)
                .where(Order.id.in_(some))
                .values(remote_area=mark, version=Order.version + 1)
                .execution_options(synchronize_session=False)
            )
    for held in list(session.identity_map.values()):
        if isinstance(held, Order) and held.shop_id == shop_id:
            session.expire(held, ["remote_area", "version"])
    return sum(map(len, by_mark.values()))

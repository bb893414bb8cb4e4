"""Which parcels go to the same person at the same place; the one comparison behind offering and refusing a merge."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kit.hangul import compact
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.schemas import MergeableOut
from backend.orders.searching import same_person
from backend.orders.states import OPEN, ShipmentState
from backend.orders.views import shipments_out

COMPARED = ("country", "recipient_name", "postcode", "address")


def difference(shipments: Iterable[Shipment]) -> tuple[str, list[str | None]] | None:
    """The first thing in which the parcels' recipients differ, with what each says; None when they are one.

    A masked letter of a name fits any, spacing and punctuation of an address say nothing.
    """
    parcels = list(shipments)
    for name in COMPARED:
        values = [getattr(parcel, name) for parcel in parcels]
        if not all(_same(name, values[0], value) for value in values[1:]):
            return name, values
    return None


def _same(name: str, one: str | None, other: str | None) -> bool:
    if name == "recipient_name":
        return same_person(one or "", other or "")
    return compact(one or "") == compact(other or "")


def mergeable(session: Session, shop_id: str, limit: int) -> list[MergeableOut]:
    """Unlabelled parcels that are neither held nor forbidden to merge, in groups of two or more."""
    standing = (
        select(OrderLine.shipment_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.shop_id == shop_id, OrderLine.fulfilment.in_(OPEN), Order.removed_at.is_(None))
    )
    query = (
        select(Shipment)
        .where(Shipment.shop_id == shop_id, Shipment.state == ShipmentState.PREPARING, Shipment.id.in_(standing))
        .where(~Shipment.held, ~Shipment.merge_forbidden, Shipment.address.is_not(None))
        .order_by(Shipment.number)
    )
    places: dict[tuple[str, ...], list[list[Shipment]]] = defaultdict(list)
    for shipment in session.scalars(query):
        groups = places[shipment.country, compact(shipment.postcode or ""), compact(shipment.address or "")]
        group = next((one for one in groups if difference([one[0], shipment]) is None), None)
        if group is None:
            groups.append([shipment])
        else:
            group.append(shipment)
    found = [group for groups in places.values() for group in groups if len(group) > 1][:limit]
    parcels = shipments_out(session, shop_id, [shipment.id for group in found for shipment in group])
    return [
        MergeableOut(
            recipient_name=group[0].recipient_name, address=group[0].address, shipment_ids=[one.id for one in group],
            orders=list(dict.fromkeys(number for one in group for number in parcels[one.id].orders)),
        )
        for group in found
    ]  # fmt: skip

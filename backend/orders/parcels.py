"""A parcel follows its lines: nothing is sent empty, and nothing that is to be sent lies in a parcel that is void.

Splits, merges and claims say what happens to their own parcels; this holds after any of them is undone as well, whatever
the markets cancelled or the shop split in between.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import batched

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.errors import Conflict
from backend.orders.models import OrderLine, Shipment
from backend.orders.states import LIVE, OPEN, Fulfilment, ShipmentState, parcel_with

AT_ONCE = 500
LEFT = frozenset({ShipmentState.SHIPPED, ShipmentState.DELIVERED})
#: the fields by which a line comes, goes or ends
DECIDING = frozenset({"*", "shipment_id", "fulfilment", "quantity", "cancelled"})


def parcels_as_their_lines(session: Session, shop_id: str, changes: Sequence[Change]) -> list[Change]:
    """The parcels of these lines that are void now, live again, or gone with all that is left in them. Raises Conflict `already_shipped` when a line that is still
    here would go back into a parcel that has left."""
    deciding = [change for change in changes if change.field in DECIDING]
    moved_to = {change.after for change in deciding if change.field == "shipment_id"}
    found: list[Change] = []
    for some in batched(_homes(session, shop_id, deciding), AT_ONCE):
        states = _inside(session, some)
        query = select(Shipment).where(Shipment.shop_id == shop_id, Shipment.id.in_(some)).order_by(Shipment.id)
        for parcel in session.scalars(query.execution_options(populate_existing=True)):
            if parcel.id in moved_to and parcel.state in LEFT and states[parcel.id] & OPEN:
                raise Conflict("it has left since", code="already_shipped", number=parcel.number)
            after = _state(parcel, states[parcel.id])
            if after is not parcel.state:
                found.append(Change("shipment", parcel.id, "state", parcel.state.value, after.value, parcel.number))
    return found


def _state(parcel: Shipment, inside: set[Fulfilment]) -> ShipmentState:
    if parcel.state in LIVE and not inside & OPEN:
        return parcel_with(inside)
    if parcel.state is ShipmentState.VOID and parcel.merged_into is None and inside & OPEN:
        return ShipmentState.LABELLED if parcel.tracking_no else ShipmentState.PREPARING
    return parcel.state


def _homes(session: Session, shop_id: str, changes: Sequence[Change]) -> list[str]:
    """Where the lines are, and where they came from."""
    found = {change.before for change in changes if change.field == "shipment_id" and change.before}
    for some in batched(sorted({change.target_id for change in changes}), AT_ONCE):
        homes = select(OrderLine.shipment_id).where(OrderLine.shop_id == shop_id, OrderLine.id.in_(some))
        found |= {home for home in session.scalars(homes.distinct()) if home}
    return sorted(found)


def _inside(session: Session, parcel_ids: Sequence[str]) -> defaultdict[str, set[Fulfilment]]:
    states: defaultdict[str, set[Fulfilment]] = defaultdict(set)
    pairs = select(OrderLine.shipment_id, OrderLine.fulfilment).where(OrderLine.shipment_id.in_(parcel_ids)).distinct()
    for home, fulfilment in session.execute(pairs):
        states[home or ""].add(fulfilment)
    return states

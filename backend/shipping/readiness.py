"""What keeps a parcel from getting its label, or from leaving: the same predicates decide, and tell why."""

from dataclasses import dataclass, field
from typing import Any

from backend.errors import Conflict
from backend.inventory_settings.catalogue import CJ
from backend.inventory_settings.remote_areas import Disruptions
from backend.orders.models import OrderLine
from backend.orders.states import ClaimState, Fulfilment, ShipmentState
from backend.overseas.countries import HOME
from backend.overseas.customs import missing_data
from backend.shipping.couriers import Courier
from backend.shipping.parcels import Parcel

#: claims that nobody has decided yet: what they are about must not leave meanwhile
UNDECIDED = frozenset({ClaimState.REQUESTED, ClaimState.HELD})


@dataclass(frozen=True)
class Obstacle:
    """`code` is the problem's; `data` what its sentence needs."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)

    def about(self, parcel: Parcel) -> dict[str, Any]:
        return {"order_no": parcel.order_no, "number": parcel.shipment.number, **self.data}

    def refuse(self, parcel: Parcel) -> Conflict:
        return Conflict(self.code.replace("_", " "), code=self.code, **self.about(parcel))


def unready(parcel: Parcel) -> list[Obstacle]:
    """Why the parcel, as it lies there, may not be labelled or leave; empty when it may."""
    shipment, found = parcel.shipment, []
    if not parcel.lines:
        found.append(Obstacle("shipment_empty"))
    if shipment.held:
        found.append(Obstacle("shipment_held", {"reason": shipment.hold_reason}))
    if any(map(is_unpaid, parcel.lines)):
        found.append(Obstacle("shipment_unpaid"))
    asked = [line for line in parcel.lines if line.claim_state in UNDECIDED]
    if asked and asked[0].claim_kind is not None:
        found.append(Obstacle("claim_undecided", {"kind": asked[0].claim_kind.value, "item": parcel.name_of(asked[0])}))
    short = [
        {"item": parcel.name_of(line), "missing": line.open_quantity - line.allocated}
        for line in parcel.lines
        if is_short(line)
    ]
    if short:
        found.append(Obstacle("shipment_not_allocated", {"lines": short}))
    if not (shipment.address or "").strip() or not (shipment.recipient_name or "").strip():
        found.append(Obstacle("shipment_no_address"))
    lacking = missing_data(parcel.shipment.country, [parcel.items[i.item_id] for i in parcel.lines if i.item_id])
    if lacking:
        found.append(Obstacle("customs_data_missing", {"country": shipment.country, "items": lacking}))
    return found


def is_unpaid(line: OrderLine) -> bool:
    return line.fulfilment is Fulfilment.AWAITING_PAYMENT


def is_short(line: OrderLine) -> bool:
    """Paid, and not all of it has stock promised."""
    return line.fulfilment in (Fulfilment.UNALLOCATED, Fulfilment.PARTLY_ALLOCATED)


def unfit(parcel: Parcel, courier: Courier, disruptions: Disruptions) -> list[Obstacle]:
    """Why this courier does not take this parcel (source: 002, 배송 차질 지역: of a linked CJ only)."""
    shipment = parcel.shipment
    if shipment.country != HOME and not courier.overseas:
        return [Obstacle("courier_not_overseas", {"courier": courier.key, "country": shipment.country})]
    region = disruptions.at(shipment.postcode) if courier.key == CJ else None
    if region is None:
        return []
    where = {"postcode": shipment.postcode, "region": region.name or f"{region.start}-{region.end}"}
    return [Obstacle("disruption_region", {**where, "courier": courier.key})]


def misplaced(parcel: Parcel, wanted: ShipmentState) -> Obstacle | None:
    """Why the parcel's own state does not allow the step that starts from `wanted`."""
    state = parcel.shipment.state
    if state is ShipmentState.LABELLED and not (parcel.shipment.tracking_no and parcel.shipment.courier):
        state = ShipmentState.PREPARING
    if state is wanted:
        return None
    code = {
        ShipmentState.PREPARING: "shipment_not_labelled",
        ShipmentState.LABELLED: "shipment_not_shipped" if wanted is ShipmentState.SHIPPED else "invoice_registered",
        ShipmentState.SHIPPED: "shipment_already_shipped",
        ShipmentState.DELIVERED: "shipment_already_delivered",
        ShipmentState.VOID: "shipment_void",
    }[state]
    data = {"courier": parcel.shipment.courier, "tracking_no": parcel.shipment.tracking_no}
    return Obstacle(code, data)

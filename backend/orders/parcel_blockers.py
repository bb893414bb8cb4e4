"""What keeps a parcel from leaving, in the words of an order: the obstacles that refuse its label and its leaving, translated.

Nothing is decided here (shipping/readiness.py does); what only the telling knows are a bad postcode and an address that
changed after the label, which stop nothing but arriving.
"""

from typing import Any

from backend.inventory_settings.remote_areas import Disruptions, normalised
from backend.orders.blockers import Blocker, Free, Stops
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import LIVE, ShipmentState
from backend.overseas.countries import HOME
from backend.shipping.couriers import couriers
from backend.shipping.parcels import Parcel
from backend.shipping.readiness import CJ, Obstacle, is_short, is_unpaid, misplaced, unfit, unready


def of_parcel(parcel: Parcel, order_id: str, disruptions: Disruptions) -> list[Blocker]:
    """As it is told with one of the orders in it; nothing for a parcel that has left or is void."""
    shipment = parcel.shipment
    if shipment.state not in LIVE:
        return []
    found: list[Blocker] = []
    for obstacle in obstacles(parcel, disruptions):
        found += in_words_of(parcel, obstacle, order_id)
    found += _astray(parcel)
    if shipment.merge_forbidden:
        lift = Free("allow_merge", "order.merge_lock", {"shipment_id": shipment.id, "forbidden": False})
        found.append(_stop(shipment, "merge_forbidden", {}, lift, stops=Stops.MERGING))
    return found


def obstacles(parcel: Parcel, disruptions: Disruptions) -> list[Obstacle]:
    """All that would refuse it now. A parcel at home that nobody gave a courier yet is judged as one of a linked CJ."""
    shipment = parcel.shipment
    courier = couriers().get(shipment.courier or (CJ if shipment.country == HOME else ""))
    found = unready(parcel) + (unfit(parcel, courier, disruptions) if courier else [])
    wrong = misplaced(parcel, ShipmentState.LABELLED)
    return [*found, wrong] if wrong else found


def in_words_of(parcel: Parcel, obstacle: Obstacle, order_id: str) -> list[Blocker]:
    shipment, data = parcel.shipment, obstacle.data
    named: dict[str, Any] = {"shipment_id": shipment.id}
    match obstacle.code:
        case "shipment_held":
            told = {"reason": data["reason"], "number": shipment.number}
            return [_stop(shipment, "held", told, Free("release", "order.release", named))]
        case "claim_undecided":
            told = {"claim": data["kind"], "item": data["item"]}
            return [_stop(shipment, "claim_open", told, Free("settle_claim"))]
        case "shipment_unpaid":
            return _others(parcel, order_id, [one for one in parcel.lines if is_unpaid(one)], "others_unpaid")
        case "shipment_not_allocated":
            return _others(parcel, order_id, [one for one in parcel.lines if is_short(one)], "others_lack_stock")
        case "shipment_no_address":
            return [_stop(shipment, "address_missing", {}, Free("ask_the_buyer"))]
        case "customs_data_missing":
            fill = Free("complete_item", "item.update", {"item_ids": [one["item_id"] for one in data["items"]]})
            return [_stop(shipment, "customs_missing", data, fill)]
        case "disruption_region":
            return [_stop(shipment, "disrupted", data, Free("region_recovers"), Free("other_courier"))]
        case "courier_not_overseas":
            change = Free("courier_abroad", "invoice.change", named)
            return [_stop(shipment, "courier_not_overseas", data, change)]
        case "shipment_not_labelled":
            return [_stop(shipment, "not_labelled", {}, Free("register_invoice", "invoice.register", named))]
        case "shipment_empty":
            return []  # nothing of any order lies in it
    raise AssertionError(f"an obstacle that nobody can explain: {obstacle.code}")


def _others(parcel: Parcel, order_id: str, lines: list[OrderLine], code: str) -> list[Blocker]:
    """The order's own lines are told by themselves; here the other orders that it leaves with."""
    waited_for = [line for line in lines if line.order_id != order_id]
    if not waited_for:
        return []
    orders = sorted({parcel.orders[line.order_id].order_no for line in waited_for})
    data = {"orders": orders, "items": list(dict.fromkeys(parcel.name_of(line) for line in waited_for))}
    return [_stop(parcel.shipment, code, data, Free("explain_other"))]


def _astray(parcel: Parcel) -> list[Blocker]:
    """It may leave, and may come back."""
    shipment, found = parcel.shipment, []
    if (shipment.address or "").strip() and shipment.country == HOME and normalised(shipment.postcode) is None:
        told = {"postcode": shipment.postcode}
        found.append(_stop(shipment, "postcode_bad", told, Free("ask_the_buyer"), stops=Stops.ARRIVING))
    orders = list(parcel.orders.values())
    if shipment.state is ShipmentState.LABELLED and len(orders) == 1 and _moved(shipment, orders[0]):
        told = {"address": orders[0].address}
        found.append(_stop(shipment, "address_changed", told, Free("label_again"), stops=Stops.ARRIVING))
    return found


def _moved(shipment: Shipment, order: Order) -> bool:
    return bool(order.address) and (shipment.address, shipment.postcode) != (order.address, order.postcode)


def _stop(
    shipment: Shipment, code: str, data: dict[str, Any], *frees: Free, stops: Stops = Stops.SENDING
) -> Blocker:  # fmt: skip
    return Blocker(code, stops, data, list(frees), [], shipment.id)

"""The plan kind `invoice.register`: couriers and tracking numbers (송장) onto parcels, one from a chat or a list of many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.errors import Conflict, InvalidInput, NotFound, NothingToChange, OpsTalkError
from backend.inventory_settings.remote_areas import disruptions
from backend.orders.models import Shipment
from backend.orders.states import ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.shipping.couriers import Courier, bare_number, courier_named, couriers_for
from backend.shipping.parcels import LIVE, Parcel, filled, live_of, numbered, of_order, parcels
from backend.shipping.readiness import misplaced, unfit, unready

SHOWN = 10


class InvoiceItem(BaseModel):
    """One of `shipment_id` and `order_id` (an id, an order number, the market's, or a parcel's number)."""

    shipment_id: Annotated[str | None, Field(max_length=100)] = None
    order_id: Annotated[str | None, Field(max_length=100)] = None
    courier: Annotated[str, Field(max_length=60)]
    tracking_no: Annotated[str, Field(max_length=60)]


class RegisterParams(BaseModel):
    items: Annotated[list[InvoiceItem], Field(min_length=1, max_length=1000)]


@dataclass(frozen=True)
class Invoice:
    parcel: Parcel
    courier: Courier
    tracking_no: str

    def told(self) -> dict[str, Any]:
        return {
            "order_no": self.parcel.order_no, "number": self.parcel.shipment.number, "recipient": self.parcel.recipient,
            "courier": self.courier.key, "tracking_no": self.tracking_no,
        }  # fmt: skip


def propose(session: Session, actor: Actor, params: RegisterParams) -> Proposal:
    """Of a list nothing is registered while one row is refused: InvalidInput `invoices_refused` names each with its code.

    A single one is refused with its own code. What already bears the very number is left as it is.
    """
    actor.require(Permission.ORDERS_HANDLE)
    read, refused, same = _read(session, actor.shop_id, params.items)
    if refused:
        if len(params.items) == 1:
            raise refused[0][1]
        rows = [{"row": n + 1, "code": error.error_code, "data": _plain(error)} for n, error in refused]
        raise InvalidInput("some rows do not fit", code="invoices_refused", rows=rows, fields=[
            {"field": f"items.{n}", "message": error.error_code} for n, error in refused
        ])  # fmt: skip
    if not read:
        raise NothingToChange("they bear these numbers already", code="invoice_same", count=same)
    changes: list[Change] = []
    for invoice in read:
        shipment, label = invoice.parcel.shipment, invoice.parcel.label
        values = {"courier": invoice.courier.key, "tracking_no": invoice.tracking_no, "labelled_at": NOW}
        changes += [
            Change("shipment", shipment.id, name, _now(shipment, name), after, label) for name, after in values.items()
        ]
        state = ShipmentState.LABELLED.value
        changes.append(Change("shipment", shipment.id, "state", shipment.state.value, state, label))
    effects = [Effect("invoices_registered", {"count": len(read), "rows": [i.told() for i in read[:SHOWN]]})]
    if same:
        effects.append(Effect("invoices_same", {"count": same}))
    merged = [i.parcel for i in read if len(i.parcel.orders) > 1]
    if merged:
        effects.append(
            Effect("invoices_of_merged", {"count": len(merged), "orders": sum(len(p.orders) for p in merged)})
        )
    return Proposal(changes, effects)


Refusals = list[tuple[int, OpsTalkError]]


def check(session: Session, shop_id: str, items: Sequence[InvoiceItem]) -> dict[int, OpsTalkError]:
    """Which rows of a list would be refused, by their index; empty when all fit."""
    return dict(_read(session, shop_id, items)[1])


def _read(session: Session, shop_id: str, items: Sequence[InvoiceItem]) -> tuple[list[Invoice], Refusals, int]:
    made: list[Invoice] = []
    refused: Refusals = []
    same = 0
    numbers = Counter((_courier_key(i.courier), bare_number(i.tracking_no)) for i in items)
    seen: set[str] = set()
    for index, item in enumerate(items):
        try:
            parcel = _parcel(session, shop_id, item)
            courier, number = read_number(item.courier, item.tracking_no)
            if numbers[(courier.key, number)] > 1:
                raise Conflict("twice in this list", code="tracking_no_twice", tracking_no=number)
            if parcel.shipment.id in seen:
                raise Conflict("the same parcel twice", code="shipment_twice", order_no=parcel.order_no)
            seen.add(parcel.shipment.id)
            if _bears(parcel.shipment, courier, number):
                same += 1
                continue
            check_parcel(session, shop_id, parcel, courier, number, ShipmentState.PREPARING)
        except OpsTalkError as error:
            refused.append((index, error))
            continue
        made.append(Invoice(parcel, courier, number))
    return made, refused, same


def read_number(said_courier: str, written: str) -> tuple[Courier, str]:
    """Raises InvalidInput `courier_unknown`, `tracking_no_shape` (with whose it might be)."""
    courier, number = courier_named(said_courier), bare_number(written)
    if courier is None:
        raise InvalidInput("no such courier", code="courier_unknown", named=said_courier, fields=[
            {"field": "courier", "message": said_courier}
        ])  # fmt: skip
    if not courier.accepts(number):
        others = [c.key for c in couriers_for(number)][:4]
        raise InvalidInput(
            "not this courier's kind of number", code="tracking_no_shape", courier=courier.key, tracking_no=number,
            lengths=list(courier.lengths), others=others, fields=[{"field": "tracking_no", "message": number}],
        )  # fmt: skip
    return courier, number


def check_parcel(
    session: Session, shop_id: str, parcel: Parcel, courier: Courier, number: str, state: ShipmentState
) -> None:
    """Raises the first thing that stands in the way, as its own Conflict."""
    if wrong := misplaced(parcel, state):
        raise wrong.refuse(parcel)
    for obstacle in (*unready(parcel), *unfit(parcel, courier, disruptions(session, shop_id))):
        raise obstacle.refuse(parcel)
    refuse_used(session, shop_id, parcel, courier, number)


def refuse_used(session: Session, shop_id: str, parcel: Parcel, courier: Courier, number: str) -> None:
    """A number belongs to one parcel: raises Conflict `tracking_no_used`."""
    query = select(Shipment).where(
        Shipment.shop_id == shop_id, Shipment.tracking_no == number, Shipment.courier == courier.key,
        Shipment.state.in_(LIVE), Shipment.id != parcel.shipment.id,
    )  # fmt: skip
    if other := session.scalars(query).first():
        known = filled(session, shop_id, [other])[0]
        raise Conflict(
            "another parcel has it",
            code="tracking_no_used",
            order_no=known.order_no,
            tracking_no=number,
            courier=courier.key,
        )


def _parcel(session: Session, shop_id: str, item: InvoiceItem) -> Parcel:
    """The one parcel that is meant: of an order with several, the one that has no number yet."""
    if item.shipment_id:
        return parcels(session, shop_id, [item.shipment_id])[0]
    named = (item.order_id or "").strip()
    if not named:
        raise InvalidInput("whose number is it?", fields=[{"field": "order_id", "message": "missing"}])
    if shipment := numbered(session, shop_id, named):
        return filled(session, shop_id, [shipment])[0]
    order = of_order(session, shop_id, named)
    live = live_of(session, shop_id, order)
    if not live:
        raise NotFound("nothing of it is to be sent", code="order_without_parcel", order_no=order.order_no)
    waiting = [s for s in live if s.state is ShipmentState.PREPARING] or live
    if len(waiting) > 1:
        raise Conflict(
            "the order has several parcels", code="invoice_which_parcel", order_no=order.order_no,
            shipments=[{"id": s.id, "number": s.number} for s in waiting],
        )  # fmt: skip
    return filled(session, shop_id, waiting)[0]


def _bears(shipment: Shipment, courier: Courier, number: str) -> bool:
    return shipment.state in (ShipmentState.LABELLED, ShipmentState.SHIPPED) and (
        shipment.courier, shipment.tracking_no
    ) == (courier.key, number)  # fmt: skip


def _courier_key(said: str) -> str:
    courier = courier_named(said)
    return courier.key if courier else said


def _now(shipment: Shipment, name: str) -> Any:
    value = getattr(shipment, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _plain(error: OpsTalkError) -> dict[str, Any]:
    return {key: value for key, value in error.data.items() if key != "fields"}


register(PlanKind("invoice.register", RegisterParams, propose))

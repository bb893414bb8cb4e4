"""Reading parcels, and lists of tracking numbers."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.documents.kinds import PDF
from backend.documents.links import link_to
from backend.errors import InvalidInput, NotFound
from backend.kit.paging import Page
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import ShipmentState
from backend.shipping.couriers import courier_named
from backend.shipping.delays import BlockerOut
from backend.shipping.labels import LabelsParams
from backend.shipping.parcels import AT_MOST, LIVE, Parcel, filled, live_of, of_order, parcels
from backend.shipping.readiness import unready
from backend.shipping.register import InvoiceItem, check
from backend.shipping.schemas import (
    LabelsLinkOut,
    ParcelLineOut,
    ParcelOut,
    ParcelsOut,
    ReadInvoiceOut,
    ReadInvoicesOut,
)


def parcels_of(
    session: Session,
    shop_id: str,
    state: ShipmentState | None,
    text: str | None,
    unprinted: bool,
    limit: int,
    offset: int,
) -> ParcelsOut:
    """Oldest first; `text` is a part of an order, parcel or tracking number, or of the recipient's name."""
    query = select(Shipment).where(Shipment.shop_id == shop_id, Shipment.state.in_(LIVE))
    if state is not None:
        query = query.where(Shipment.state == state)
    if unprinted:
        query = query.where(Shipment.printed_at.is_(None), Shipment.tracking_no.is_not(None))
    if text and text.strip():
        said = text.strip()
        mine = (
            select(OrderLine.shipment_id)
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.shop_id == shop_id, Order.order_no.contains(said, autoescape=True))
        )
        columns = (Shipment.number, Shipment.tracking_no, Shipment.recipient_name)
        query = query.where(or_(Shipment.id.in_(mine), *(c.contains(said, autoescape=True) for c in columns)))
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Shipment.id).subquery())) or 0
    found = list(session.scalars(query.order_by(Shipment.created_at, Shipment.id).limit(limit).offset(offset)))
    page = Page([view(parcel) for parcel in filled(session, shop_id, found)], total, limit, offset)
    counts = select(Shipment.state, func.count()).where(Shipment.shop_id == shop_id).group_by(Shipment.state)
    return ParcelsOut(
        items=page.items, total=total, limit=limit, offset=offset, next_offset=page.next_offset,
        counts={s.value: number for s, number in session.execute(counts).tuples()},
    )  # fmt: skip


def view(parcel: Parcel) -> ParcelOut:
    shipment = parcel.shipment
    orders = sorted(parcel.orders.values(), key=lambda order: order.order_no)
    own: dict[str, Any] = {
        name: getattr(shipment, name)
        for name in ParcelOut.model_fields
        if name not in ("order_nos", "markets", "lines", "blockers")
    }
    moving = shipment.state in (ShipmentState.SHIPPED, ShipmentState.DELIVERED, ShipmentState.VOID)
    return ParcelOut(
        **own, order_nos=[o.order_no for o in orders], markets=sorted({o.market for o in orders}),
        lines=[
            ParcelLineOut(
                line_id=line.id, order_id=line.order_id, order_no=parcel.orders[line.order_id].order_no, item_id=line.item_id,
                item=parcel.name_of(line), quantity=line.open_quantity, allocated=line.allocated, fulfilment=line.fulfilment,
            )
            for line in parcel.lines
        ],
        blockers=[] if moving else [BlockerOut(code=o.code, data=o.about(parcel)) for o in unready(parcel)],
    )  # fmt: skip


def parcel_view(session: Session, shop_id: str, shipment_id: str) -> ParcelOut:
    return view(parcels(session, shop_id, [shipment_id])[0])


def read_invoices(session: Session, shop_id: str, rows: list[tuple[int, InvoiceItem | None]]) -> ReadInvoicesOut:
    """Row by row what was read and whether it would be taken; nothing is written."""
    read = [(row, item) for row, item in rows if item is not None]
    refused = check(session, shop_id, [item for _, item in read])
    problems = {read[index][0]: error for index, error in refused.items()}
    out, items = [], []
    for row, item in rows:
        courier = courier_named(item.courier) if item else None
        error = problems.get(row)
        code = "invoice_row_unclear" if item is None else error.error_code if error else None
        data = {k: v for k, v in error.data.items() if k != "fields"} if error else {}
        out.append(ReadInvoiceOut(
            row=row, order_id=item.order_id if item else None, courier=item.courier if item else None,
            courier_name=courier.name if courier else None, tracking_no=item.tracking_no if item else None, code=code, data=data,
        ))  # fmt: skip
        if item is not None and code is None:
            items.append({"order_id": item.order_id or "", "courier": item.courier, "tracking_no": item.tracking_no})
    return ReadInvoicesOut(rows=out, good=len(items), bad=len(out) - len(items), items=items)


def labels_link(
    session: Session, shop_id: str, shipment_ids: list[str], order_ids: list[str], unprinted: bool
) -> LabelsLinkOut:
    """A link to exactly these labels. Raises NotFound `shipment_not_found`, `order_not_found`, `no_labels`."""
    chosen = parcels(session, shop_id, shipment_ids)
    for named in order_ids:
        live = live_of(session, shop_id, of_order(session, shop_id, named))
        chosen += filled(session, shop_id, [s for s in live if s.id not in {p.shipment.id for p in chosen}])
    if unprinted and not shipment_ids and not order_ids:
        query = select(Shipment).where(
            Shipment.shop_id == shop_id, Shipment.state == ShipmentState.LABELLED, Shipment.printed_at.is_(None)
        )
        chosen = filled(
            session, shop_id, list(session.scalars(query.order_by(Shipment.labelled_at, Shipment.id).limit(AT_MOST)))
        )
    ready = [parcel.shipment.id for parcel in chosen if parcel.shipment.tracking_no]
    if not ready:
        raise NotFound("none of them has a number", code="no_labels", count=len(chosen))
    if len(ready) > AT_MOST:
        raise InvalidInput("too many at once", code="labels_too_many", most=AT_MOST, fields=[])
    link = link_to(shop_id, "labels", LabelsParams(shipment_ids=ready), "labels.pdf", PDF)
    return LabelsLinkOut(link=link, count=len(ready), shipment_ids=ready, left_out=len(chosen) - len(ready))

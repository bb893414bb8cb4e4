"""Orders as their wire shapes: a page of them in five queries, one with everything known about it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.claims.models import Claim
from backend.inventory.models import StockItem
from backend.orders.listing import states_of
from backend.orders.models import Order, OrderLine, OrderNote, Shipment
from backend.orders.schemas import ClaimLine, LineOut, NoteOut, OrderDetail, OrderOut, ShipmentOut
from backend.orders.states import LIVE, OPEN, OPEN_CLAIMS, F, OrderState, ShipmentState
from backend.orders.timeline import timeline
from backend.products import service as products


def orders_out(
    session: Session, shop_id: str, ids: Sequence[str], states: Mapping[str, OrderState] | None = None
) -> list[OrderOut]:
    """In the order of `ids`."""
    orders = {
        order.id: order for order in session.scalars(select(Order).where(Order.shop_id == shop_id, Order.id.in_(ids)))
    }
    known = states_of(session, shop_id, ids) if states is None else states
    lines: dict[str, list[OrderLine]] = defaultdict(list)
    query = select(OrderLine).where(OrderLine.shop_id == shop_id, OrderLine.order_id.in_(ids)).order_by(OrderLine.id)
    for line in session.scalars(query):
        lines[line.order_id].append(line)
    names = products.names(session, shop_id, [l.product_id for own in lines.values() for l in own if l.product_id])  # noqa: E741
    parcels = shipments_out(session, shop_id, [l.shipment_id for own in lines.values() for l in own if l.shipment_id])  # noqa: E741
    return [
        _out(orders[key], lines[key], names, parcels, known.get(key, OrderState.CANCELLED))
        for key in ids
        if key in orders
    ]


def shipments_out(session: Session, shop_id: str, ids: Sequence[str]) -> dict[str, ShipmentOut]:
    wanted = set(ids)
    if not wanted:
        return {}
    inside: dict[str, dict[str, None]] = defaultdict(dict)
    numbers = (
        select(OrderLine.shipment_id, Order.order_no)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.shop_id == shop_id, OrderLine.shipment_id.in_(wanted), OrderLine.quantity > 0)
        .order_by(Order.ordered_at, Order.order_no)
    )
    for shipment_id, number in session.execute(numbers):
        inside[shipment_id or ""][number] = None
    rows = session.scalars(select(Shipment).where(Shipment.shop_id == shop_id, Shipment.id.in_(wanted)))
    return {
        row.id: ShipmentOut(
            id=row.id, number=row.number, state=row.state, held=row.held, hold_reason=row.hold_reason,
            merge_forbidden=row.merge_forbidden, courier=row.courier, tracking_no=row.tracking_no,
            recipient_name=row.recipient_name, postcode=row.postcode, address=row.address, country=row.country,
            shipped_at=row.shipped_at, delivered_at=row.delivered_at, orders=list(inside[row.id]),
        )
        for row in rows
    }  # fmt: skip


def _out(
    order: Order,
    lines: Sequence[OrderLine],
    names: Mapping[str, str],
    parcels: Mapping[str, ShipmentOut],
    state: OrderState,
) -> OrderOut:
    bought = [line for line in lines if line.gift_rule_id is None and line.quantity > 0]
    homes = dict.fromkeys(line.shipment_id or "" for line in lines)
    own = [parcels[home] for home in homes if home in parcels]
    kept = [parcel for parcel in own if parcel.state is not ShipmentState.VOID]
    live = [parcel for parcel in kept if parcel.state in LIVE]
    handled = order.collected_at is not None
    claims = [line.claim_state for line in lines if line.claim_state in OPEN_CLAIMS]
    raw = dict.fromkeys(code for line in lines for code in (line.raw_status, line.raw_claim) if code)
    called = dict.fromkeys(line.market_name or names.get(line.product_id or "") or "" for line in bought)
    return OrderOut(
        id=order.id, order_no=order.order_no, market=order.market, market_order_no=order.market_order_no,
        buyer_name=order.buyer_name, recipient_name=order.recipient_name, country=order.country,
        remote_area=order.remote_area, ordered_at=order.ordered_at, paid_at=order.paid_at, ship_by=order.ship_by,
        total=order.total, state=state, handled=handled,
        held=any(parcel.held for parcel in live),
        unmatched=handled and any(line.item_id is None and line.fulfilment in OPEN for line in lines),
        labelled=any(parcel.state is ShipmentState.LABELLED for parcel in live),
        merged=any(len(parcel.orders) > 1 for parcel in live),
        claim=claims[0] if claims else None, products=[name for name in called if name],
        quantity=sum(line.quantity for line in bought if line.fulfilment is not F.CANCELLED) or sum(line.quantity for line in bought),
        raw_codes=list(raw), shipments=kept,
    )  # fmt: skip


def order_view(session: Session, order: Order) -> OrderDetail:
    """Everything about one order."""
    base = orders_out(session, order.shop_id, [order.id])[0]
    lines = session.scalars(
        select(OrderLine).where(OrderLine.order_id == order.id, OrderLine.quantity > 0).order_by(OrderLine.id)
    ).all()
    items = {
        item.id: item
        for item in session.scalars(
            select(StockItem).where(StockItem.id.in_([line.item_id for line in lines if line.item_id]))
        )
    }
    names = products.names(session, order.shop_id, [line.product_id for line in lines if line.product_id])
    claims = session.scalars(
        select(Claim).where(Claim.order_id == order.id).order_by(Claim.requested_at, Claim.id)
    ).all()
    notes = session.scalars(
        select(OrderNote).where(OrderNote.order_id == order.id).order_by(OrderNote.at, OrderNote.id)
    ).all()
    standing = [note for note in notes if not note.data.get("withdrawn")]
    return OrderDetail(
        **base.model_dump(),
        buyer_phone=order.buyer_phone, recipient_phone=order.recipient_phone, postcode=order.postcode,
        address=order.address, message=order.message, collected_at=order.collected_at, removed_at=order.removed_at,
        lines=[_line(line, items.get(line.item_id or ""), names) for line in lines],
        claims=[ClaimLine.model_validate(claim, from_attributes=True) for claim in claims],
        notes=[NoteOut.model_validate(note, from_attributes=True) for note in standing],
        timeline=timeline(session, order, lines, claims, standing),
    )  # fmt: skip


def _line(line: OrderLine, item: StockItem | None, names: Mapping[str, str]) -> LineOut:
    return LineOut(
        id=line.id, market_line_no=line.market_line_no, name=line.market_name or names.get(line.product_id or ""),
        option=line.market_option, item_id=line.item_id, item_code=item.code if item else None,
        item=item.name if item else None, available=item.available if item else None, matched_by=line.matched_by,
        quantity=line.quantity, cancelled=line.cancelled, allocated=line.allocated, fulfilment=line.fulfilment,
        claim_kind=line.claim_kind, claim_state=line.claim_state, shipment_id=line.shipment_id,
        is_gift=line.gift_rule_id is not None, exchange_of=line.exchange_of, split_from=line.split_from,
        amount=line.amount, discount=line.discount, raw_status=line.raw_status, raw_claim=line.raw_claim,
    )  # fmt: skip

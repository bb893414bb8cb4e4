"""A parcel with what lies in it: a shipment, the lines that leave with it, the orders they belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.errors import Conflict, NotFound
from backend.inventory.models import StockItem
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import Fulfilment, ShipmentState

LIVE = frozenset(set(ShipmentState) - {ShipmentState.VOID})
AT_MOST = 500


@dataclass
class Parcel:
    """`lines` are those of which something is or was sent; cancelled ones do not lie in it."""

    shipment: Shipment
    lines: list[OrderLine]
    orders: dict[str, Order]
    items: dict[str, StockItem]

    @property
    def first_order(self) -> Order:
        return min(self.orders.values(), key=lambda order: (order.ordered_at, order.id))

    @property
    def order_no(self) -> str:
        return self.first_order.order_no if self.orders else self.shipment.number

    @property
    def label(self) -> str:
        """What a change of it is called: the order people know, and the parcel where the order has several."""
        return self.order_no

    @property
    def recipient(self) -> str | None:
        return self.shipment.recipient_name

    def name_of(self, line: OrderLine) -> str:
        item = self.items.get(line.item_id or "")
        return item.name if item else line.market_name or line.market_product_no or line.id


def parcels(session: Session, shop_id: str, shipment_ids: Iterable[str]) -> list[Parcel]:
    """In the order asked for; raises NotFound `shipment_not_found` for one that is none of the shop's."""
    ids = list(dict.fromkeys(shipment_ids))
    shipments = _by_id(session, shop_id, ids)
    for wanted in ids:
        if wanted not in shipments:
            raise NotFound("no such parcel in this shop", code="shipment_not_found")
    return filled(session, shop_id, [shipments[i] for i in ids])


def filled(session: Session, shop_id: str, shipments: Sequence[Shipment]) -> list[Parcel]:
    lines: dict[str, list[OrderLine]] = {s.id: [] for s in shipments}
    orders: dict[str, Order] = {}
    items: dict[str, StockItem] = {}
    for some in batched(lines, 500):
        query = (
            select(OrderLine, Order, StockItem)
            .join(Order, Order.id == OrderLine.order_id)
            .outerjoin(StockItem, StockItem.id == OrderLine.item_id)
            .where(OrderLine.shop_id == shop_id, OrderLine.shipment_id.in_(some))
            .order_by(OrderLine.id)
        )
        for line, order, item in session.execute(query).tuples():
            if line.fulfilment is not Fulfilment.CANCELLED and line.open_quantity > 0:
                lines[line.shipment_id or ""].append(line)
            orders[order.id] = order
            if item is not None:
                items[item.id] = item
    made = []
    for shipment in shipments:
        own = {line.order_id for line in lines[shipment.id]}
        made.append(Parcel(shipment, lines[shipment.id], {i: orders[i] for i in sorted(own)}, items))
    return made


def of_order(session: Session, shop_id: str, named: str) -> Order:
    """An order by its id, our number or the market's; raises NotFound `order_not_found`, Conflict `order_ambiguous`."""
    query = select(Order).where(
        Order.shop_id == shop_id, or_(Order.id == named, Order.order_no == named, Order.market_order_no == named)
    )
    found = list(session.scalars(query.limit(2)))
    if not found:
        raise NotFound("no such order in this shop", code="order_not_found")
    if len(found) > 1:
        raise Conflict("two orders bear that number", code="order_ambiguous", named=named)
    return found[0]


def live_of(session: Session, shop_id: str, order: Order) -> list[Shipment]:
    """The order's parcels that are or were really sent, oldest first."""
    query = (
        select(Shipment)
        .join(OrderLine, OrderLine.shipment_id == Shipment.id)
        .where(OrderLine.shop_id == shop_id, OrderLine.order_id == order.id, Shipment.state.in_(LIVE))
        .distinct()
        .order_by(Shipment.id)
    )
    return list(session.scalars(query))


def chosen(
    session: Session, shop_id: str, shipment_ids: Sequence[str], order_ids: Sequence[str], state: ShipmentState
) -> list[Parcel]:
    """Parcels named themselves, and those of the named orders that are in `state`.

    An order none of whose parcels is in that state is taken with all it has, so that its own refusal is told.
    """
    ids = list(shipment_ids)
    for named in order_ids:
        live = live_of(session, shop_id, of_order(session, shop_id, named))
        ids += [s.id for s in live if s.state is state] or [s.id for s in live]
    return parcels(session, shop_id, ids)


def numbered(session: Session, shop_id: str, number: str) -> Shipment | None:
    return session.scalars(select(Shipment).where(Shipment.shop_id == shop_id, Shipment.number == number)).first()


def _by_id(session: Session, shop_id: str, ids: Sequence[str]) -> dict[str, Shipment]:
    found: dict[str, Shipment] = {}
    for some in batched(ids, 500):
        query = select(Shipment).where(Shipment.shop_id == shop_id, Shipment.id.in_(some))
        found |= {row.id: row for row in session.scalars(query)}
    return found

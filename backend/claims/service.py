"""Reading a shop's claims."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.claims.models import Claim
from backend.claims.schemas import ClaimOut, ClaimsOut
from backend.claims.steps import possible
from backend.errors import NotFound
from backend.inventory.models import StockItem
from backend.kit.paging import Page
from backend.orders.models import Order, OrderLine
from backend.orders.states import OPEN_CLAIMS, ClaimKind, ClaimState

_Other = aliased(StockItem)


def claims_of(
    session: Session, shop_id: str, *, open_only: bool, kind: ClaimKind | None, state: ClaimState | None,
    order_id: str | None, text: str | None, limit: int, offset: int,
) -> ClaimsOut:  # fmt: skip
    """Newest first. `text` is a part of an order number, of the buyer's name or of the article's."""
    query = _joined(shop_id)
    if open_only:
        query = query.where(Claim.state.in_(OPEN_CLAIMS))
    if kind is not None:
        query = query.where(Claim.kind == kind)
    if state is not None:
        query = query.where(Claim.state == state)
    if order_id is not None:
        query = query.where(or_(Order.id == order_id, Order.order_no == order_id))
    if text and text.strip():
        said = text.strip()
        columns = (Order.order_no, Order.market_order_no, Order.buyer_name, StockItem.name, OrderLine.market_name)
        query = query.where(or_(*(column.contains(said, autoescape=True) for column in columns)))
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Claim.id).subquery())) or 0
    rows = session.execute(
        query.order_by(Claim.requested_at.desc(), Claim.id.desc()).limit(limit).offset(offset)
    ).tuples()
    page = Page([_out(*row) for row in rows], total, limit, offset)
    return ClaimsOut(
        items=page.items,
        total=total,
        limit=limit,
        offset=offset,
        next_offset=page.next_offset,
        counts=open_counts(session, shop_id),
    )


def open_counts(session: Session, shop_id: str) -> dict[str, int]:
    query = (
        select(Claim.kind, func.count())
        .where(Claim.shop_id == shop_id, Claim.state.in_(OPEN_CLAIMS))
        .group_by(Claim.kind)
    )
    return {kind.value: number for kind, number in session.execute(query).tuples()}


def claim_view(session: Session, shop_id: str, claim_id: str) -> ClaimOut:
    row = session.execute(_joined(shop_id).where(Claim.id == claim_id)).tuples().first()
    if row is None:
        raise NotFound("no such claim in this shop", code="claim_not_found")
    return _out(*row)


def of_orders(session: Session, shop_id: str, order_ids: Iterable[str]) -> dict[str, list[ClaimOut]]:
    """Each order's claims, oldest first."""
    wanted = list(order_ids)
    found: dict[str, list[ClaimOut]] = {order_id: [] for order_id in wanted}
    query = _joined(shop_id).where(Claim.order_id.in_(wanted)).order_by(Claim.requested_at, Claim.id)
    for row in session.execute(query).tuples():
        found[row[0].order_id].append(_out(*row))
    return found


def _joined(shop_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(Claim, Order, OrderLine, StockItem, _Other)
        .join(Order, Order.id == Claim.order_id)
        .join(OrderLine, OrderLine.id == Claim.line_id)
        .outerjoin(StockItem, StockItem.id == OrderLine.item_id)
        .outerjoin(_Other, _Other.id == Claim.exchange_item_id)
        .where(Claim.shop_id == shop_id)
    )


def _out(claim: Claim, order: Order, line: OrderLine, item: StockItem | None, other: StockItem | None) -> ClaimOut:
    own = {
        name: getattr(claim, name)
        for name in ClaimOut.model_fields
        if name not in ("order_no", "market", "buyer_name", "item_id", "item", "fulfilment", "exchange_item", "steps")
    }
    return ClaimOut(
        **own, order_no=order.order_no, market=order.market, buyer_name=order.buyer_name, item_id=line.item_id,
        item=item.name if item else line.market_name or "", fulfilment=line.fulfilment,
        exchange_item=other.name if other else None, steps=possible(claim),
    )  # fmt: skip

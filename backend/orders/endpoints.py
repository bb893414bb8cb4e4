"""GET orders: by search, by what a sentence means, one whole, and why they do not move."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.markets.codes import Market
from backend.openapi import problems
from backend.orders.blockers import KEEPING, Blocker
from backend.orders.explain import blockers, stuck
from backend.orders.gift_rules import gift_rules
from backend.orders.listing import Flag, Wanted
from backend.orders.mergeable import mergeable
from backend.orders.schemas import (
    BlockerOut,
    ExplainOut,
    FreeOut,
    GiftRuleOut,
    MergeableOut,
    OrderDetail,
    OrderMention,
    OrderPage,
    StuckOrder,
    StuckOut,
    UnmatchedOut,
)
from backend.orders.service import find_orders, mentioned_orders, order_named, order_view
from backend.orders.states import OrderState
from backend.orders.stuck import waiting_count, waiting_orders
from backend.orders.unmatched import unmatched
from backend.orders.views import orders_out

router = APIRouter(prefix="/orders", tags=["orders"], route_class=InOneStep)
Words = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("")
def read_orders(
    actor: MemberActor, session: ReadSession, text: Words = "", order_no: Words = "", buyer: Words = "", product: Words = "",
    first: Annotated[date | None, Query(alias="from")] = None, last: Annotated[date | None, Query(alias="to")] = None,
    state: Annotated[list[OrderState] | None, Query()] = None, raw_code: Words = "", market: Market | None = None,
    flag: Flag | None = None, handled: bool | None = None, limit: Limit = 20, offset: Offset = 0,
) -> OrderPage:  # fmt: skip
    """Newest first; `state` may be given several times, `handled=true` leaves the history out."""
    actor.require(Permission.SHOP_READ)
    wanted = Wanted(text, order_no, buyer, product, first, last, state or (), raw_code, market, flag, handled)
    return find_orders(session, actor.shop_id, wanted, limit, offset)


@router.get("/find")
def find_mentioned(
    actor: MemberActor, session: ReadSession, text: Annotated[str, Query(max_length=2000)], market: Market | None = None,
    limit: Limit = 20,
) -> list[OrderMention]:  # fmt: skip
    """The orders a sentence means, by number, buyer or product; none when it names none."""
    actor.require(Permission.SHOP_READ)
    return mentioned_orders(session, actor.shop_id, text, market, limit)


@router.get("/unmatched")
def read_unmatched(actor: MemberActor, session: ReadSession, limit: Limit = 20) -> list[UnmatchedOut]:
    """Products of markets that no stock item is known for, with suggestions."""
    actor.require(Permission.SHOP_READ)
    return unmatched(session, actor.shop_id, limit)


@router.get("/stuck")
def read_stuck(
    actor: MemberActor, session: ReadSession, code: Words = "", limit: Limit = 20, offset: Offset = 0
) -> StuckOut:
    """All that waits and cannot leave, counted by what is in the way; `code` narrows the list to one reason."""
    actor.require(Permission.SHOP_READ)
    found, counts = stuck(session, actor.shop_id)
    named = {key: judged for key, judged in found.items() if not code or code in {one.code for one in judged}}
    orders = waiting_orders(session, actor.shop_id, named, limit, offset)
    return StuckOut(
        waiting=waiting_count(session, actor.shop_id), stuck=len(found), counts=dict(counts.most_common()),
        orders=[
            StuckOrder(
                order_id=order.id, order_no=order.order_no, market=order.market, buyer_name=order.buyer_name,
                paid_at=order.paid_at, codes=sorted({one.code for one in named[order.id]}),
                blockers=[blocker_out(one) for one in named[order.id]],
            )
            for order in orders
        ],
    )  # fmt: skip


@router.get("/mergeable")
def read_mergeable(actor: MemberActor, session: ReadSession, limit: Limit = 20) -> list[MergeableOut]:
    """Parcels that could leave as one."""
    actor.require(Permission.SHOP_READ)
    return mergeable(session, actor.shop_id, limit)


@router.get("/gift-rules")
def read_gift_rules(actor: MemberActor, session: ReadSession) -> list[GiftRuleOut]:
    actor.require(Permission.SHOP_READ)
    return gift_rules(session, actor.shop_id)


@router.get("/{order_id}", responses=problems(404))
def read_order(order_id: str, actor: MemberActor, session: ReadSession) -> OrderDetail:
    """By id or by its exact number."""
    actor.require(Permission.SHOP_READ)
    return order_view(session, actor.shop_id, order_id)


@router.get("/{order_id}/explain", responses=problems(404))
def explain_order(order_id: str, actor: MemberActor, session: ReadSession) -> ExplainOut:
    actor.require(Permission.SHOP_READ)
    order = order_named(session, actor.shop_id, order_id)
    found = blockers(session, order)
    out = orders_out(session, actor.shop_id, [order.id])[0]
    waits = any(shipment.state.value == "labelled" for shipment in out.shipments)
    may_leave = waits and not any(one.stops in KEEPING for one in found)
    return ExplainOut(order=out, may_leave=may_leave, blockers=[blocker_out(one) for one in found])


def blocker_out(blocker: Blocker) -> BlockerOut:
    frees = [FreeOut(code=free.code, kind=free.kind, params=free.params) for free in blocker.frees_it]
    return BlockerOut(
        code=blocker.code, stops=blocker.stops, data=blocker.data, frees_it=frees, line_ids=blocker.line_ids,
        shipment_id=blocker.shipment_id,
    )  # fmt: skip

"""The order page: what is to be sent, with the first thing in the way of each; and everything that was taken in."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from backend.orders.blockers import Blocker
from backend.orders.explain import stuck
from backend.orders.listing import Flag, Wanted
from backend.orders.schemas import OrderOut
from backend.orders.service import find_orders
from backend.orders.states import OrderState
from backend.web.demo.pager import Paged

PAGE = 20
S = OrderState
TO_SEND = (S.AWAITING_PAYMENT, S.UNALLOCATED, S.PARTLY_ALLOCATED, S.ALLOCATED, S.PARTLY_SHIPPED)


@dataclass(frozen=True)
class OrderRow:
    order: OrderOut
    blocker: Blocker | None


@dataclass(frozen=True)
class OrdersPage(Paged):
    """`to_send`, `stuck` and `claims` count orders of the whole shop."""

    rows: list[OrderRow]
    to_send: int
    stuck: int
    claims: int


def orders_page(session: Session, shop_id: str, *, everything: bool, page: int) -> OrdersPage:
    find = partial(find_orders, session, shop_id)
    states = () if everything else TO_SEND
    found = find(Wanted(handled=True, states=states), limit=PAGE, offset=(page - 1) * PAGE)
    in_the_way, _ = stuck(session, shop_id)
    rows = [OrderRow(order, next(iter(in_the_way.get(order.id, [])), None)) for order in found.items]
    to_send = sum(found.counts.get(state, 0) for state in TO_SEND)
    claims = find(Wanted(handled=True, flag=Flag.CLAIM), limit=1).total
    return OrdersPage(found.total, page, PAGE, rows, to_send, len(in_the_way), claims)

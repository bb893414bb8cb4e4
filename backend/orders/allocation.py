"""The plan kind `order.allocate`: stock for chosen orders at once, or for all that wait, by the engine's own sharing."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import Conflict, NothingToChange
from backend.orders.allocate import free_units, share
from backend.orders.chosen import Ref, must_stand
from backend.orders.service import order_named
from backend.orders.sharing import Sharing, may_have_more, stop_of
from backend.orders.states import WAITING, promised
from backend.orders.waiting import Line, lines_of_orders, open_lines
from backend.plans.kinds import PlanKind, Proposal, register

AT_ONCE = 1000  # lines of one plan; a larger backlog is the engine's work
NAMED = 20


class AllocateParams(BaseModel):
    order_ids: Annotated[list[Ref], Field(max_length=200)] = []
    all: bool = False

    @model_validator(mode="after")
    def _something(self) -> "AllocateParams":
        if bool(self.order_ids) == self.all:
            raise ValueError("either orders or all")
        return self


def propose(session: Session, actor: Actor, params: AllocateParams) -> Proposal:
    """Chosen orders are served before everyone else, as far as stock is free: a person wants it so.

    Raises Conflict `nothing_to_allocate` with what is in the way (`stops`, or the items that are `short`), and
    NothingToChange `already_allocated`.
    """
    actor.require(Permission.ORDERS_HANDLE)
    lines = _lines(session, actor.shop_id, params)
    waiting = [line for line in lines if line.fulfilment in WAITING and line.missing > 0]
    wanting = [line for line in waiting if may_have_more(line)]
    free = free_units(session, actor.shop_id, {line.item_id for line in wanting if line.item_id})
    sharing = share(session, actor.shop_id, wanting, free)
    served = [line for line in sharing.queue if line.id in sharing.given]
    if not served:
        raise _nothing(lines, waiting)
    chosen = served[:AT_ONCE]
    changes = [
        change
        for line in sorted(chosen, key=lambda one: (one.item_id or "", one.id))
        for change in _given(line, sharing)
    ]
    orders = list(dict.fromkeys(line.order_no for line in chosen))
    units = sum(sharing.given[line.id] for line in chosen)
    effects = [
        Effect(
            "orders_allocated", {"orders": orders[:NAMED], "count": len(orders), "lines": len(chosen), "units": units}
        )
    ]
    if len(served) > len(chosen):
        effects.append(Effect("rest_is_allocated_later", {"lines": len(served) - len(chosen)}))
    short = [line for line in waiting if sharing.given.get(line.id, 0) < line.missing]
    if short:
        numbers = list(dict.fromkeys(line.order_no for line in short))
        effects.append(
            Effect("orders_left_short", {"orders": numbers[:NAMED], "count": len(numbers), "why": _why(short)})
        )
    return Proposal(changes, effects)


def _lines(session: Session, shop_id: str, params: AllocateParams) -> list[Line]:
    if params.all:
        return open_lines(session, shop_id)
    orders = [order_named(session, shop_id, one) for one in params.order_ids]
    for order in orders:
        must_stand(order)
    return lines_of_orders(session, shop_id, [order.id for order in orders])


def _given(line: Line, sharing: Sharing) -> list[Change]:
    after = line.allocated + sharing.given[line.id]
    state = promised(after, line.open_quantity)
    label = f"{line.order_no} {line.market_name or ''}".strip()
    changes = []
    if state is not line.fulfilment:
        changes.append(Change("order_line", line.id, "fulfilment", line.fulfilment.value, state.value, label))
    return [*changes, Change("order_line", line.id, "allocated", line.allocated, after, label)]


def _nothing(lines: Sequence[Line], waiting: Sequence[Line]) -> Conflict:
    if not waiting:
        stops = sorted({stop.value for line in lines if (stop := stop_of(line)) is not None})
        if stops == ["awaiting_payment"]:
            return Conflict("nothing can be allocated", code="nothing_to_allocate", why=_why(lines))
        return NothingToChange("all of it has stock", code="already_allocated", orders=_numbers(lines))
    return Conflict("nothing can be allocated", code="nothing_to_allocate", why=_why(waiting), orders=_numbers(waiting))


def _numbers(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.order_no for line in lines))[:NAMED]


def _why(lines: Sequence[Line]) -> dict[str, Any]:
    """How many lines by what is in the way; what nothing but stock stops is out of stock."""
    counts: dict[str, int] = {}
    for line in lines:
        stop = stop_of(line)
        code = stop.value if stop else "out_of_stock"
        counts[code] = counts.get(code, 0) + 1
    return counts


register(PlanKind("order.allocate", AllocateParams, propose))

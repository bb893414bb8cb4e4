"""The plan kinds `order.match` (by hand, remembered for next time) and `orders.rematch` (by the rules, anew)."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.registry import to_json
from backend.errors import Conflict, NotFound, NothingToChange
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.markets.codes import Market
from backend.orders.chosen import Ref
from backend.orders.models import LineMatch, Order, OrderLine
from backend.orders.names import market_key
from backend.orders.rematch import found_for, unmatched_lines
from backend.orders.states import OPEN, MatchedBy
from backend.plans.kinds import PlanKind, Proposal, register

NAMED = 20


class MatchParams(BaseModel):
    """Lines by id, or all unmatched ones of a market product (`market` and `market_key` as GET /orders/unmatched tells)."""

    item_id: Ref
    line_ids: Annotated[list[Ref], Field(max_length=500)] = []
    market: Market | None = None
    market_key: Annotated[str, Field(max_length=2000)] | None = None
    remember: bool = True

    @model_validator(mode="after")
    def _something(self) -> "MatchParams":
        if bool(self.line_ids) == (self.market_key is not None and self.market is not None):
            raise ValueError("either lines or a market's product")
        return self


class RematchParams(BaseModel):
    pass


def propose(session: Session, actor: Actor, params: MatchParams) -> Proposal:
    """A line that was another item loses the stock promised to it. Raises NotFound `item_not_found`, `line_not_found`,
    `nothing_unmatched`, Conflict `already_left` for what cannot change any more, NothingToChange `already_matched`."""
    actor.require(Permission.ORDERS_HANDLE)
    item = item_named(session, actor.shop_id, params.item_id)
    rows = _rows(session, actor.shop_id, params)
    wanted = [(line, market) for line, market in rows if line.item_id != item.id]
    memories, changed = _memories(session, actor.shop_id, rows, item) if params.remember else ([], 0)
    if not wanted and not memories:
        raise NothingToChange("it is matched so", code="already_matched", item=item.name)
    changes = [change for line, _ in wanted for change in _matched(line, item)]
    told = {
        "item": item.name, "code": item.code, "lines": len(wanted), "quantity": sum(line.open_quantity for line, _ in wanted),
        "names": list(dict.fromkeys(" ".join(filter(None, (line.market_name, line.market_option))) for line, _ in rows))[:NAMED],
    }  # fmt: skip
    effects = [Effect("lines_matched", told)] if wanted else []
    if memories:
        effects.append(Effect("match_remembered", {"products": len(memories), "changed": changed, "item": item.name}))
    lost = sum(line.allocated for line, _ in wanted)
    if lost:
        effects.append(Effect("promise_is_lost", {"units": lost}))
    return Proposal([*changes, *memories], effects)


def propose_rematch(session: Session, actor: Actor, params: RematchParams) -> Proposal:
    """Raises NothingToChange `nothing_unmatched` or `nothing_matches` (people have to)."""
    actor.require(Permission.ORDERS_HANDLE)
    lines = unmatched_lines(session, actor.shop_id)
    if not lines:
        raise NothingToChange("every line is matched", code="nothing_unmatched")
    found = found_for(session, actor.shop_id, lines)
    if not found:
        raise NothingToChange("none of them fits by the rules", code="nothing_matches", lines=len(lines))
    changes: list[Change] = []
    for line, _ in lines:
        if match := found.get(line.id):
            label = line.market_name or ""
            for name, after in (
                ("item_id", match.item_id),
                ("product_id", match.product_id),
                ("matched_by", to_json(match.by)),
            ):
                before = to_json(getattr(line, name))
                if before != after:
                    changes.append(Change("order_line", line.id, name, before, after, label))
    return Proposal(changes, [Effect("lines_rematched", {"lines": len(found), "left": len(lines) - len(found)})])


def item_named(session: Session, shop_id: str, wanted: str) -> StockItem:
    query = select(StockItem).where(
        StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE,
        (StockItem.id == wanted) | (StockItem.code == wanted.strip().upper()),
    )  # fmt: skip
    item = session.scalars(query).first()
    if item is None:
        raise NotFound("no such stock item in this shop", code="item_not_found")
    return item


def _rows(session: Session, shop_id: str, params: MatchParams) -> list[tuple[OrderLine, Market]]:
    if params.market_key is not None:
        rows = [
            (line, market)
            for line, market in unmatched_lines(session, shop_id)
            if market is params.market
            and market_key(line.market_product_no, line.market_name, line.market_option) == params.market_key
        ]
        if not rows:
            raise NotFound("no unmatched line of that product", code="nothing_unmatched")
        return rows
    query = (
        select(OrderLine, Order.market)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.shop_id == shop_id, OrderLine.id.in_(params.line_ids))
    )
    found = {line.id: (line, market) for line, market in session.execute(query).tuples()}
    missing = [line_id for line_id in params.line_ids if line_id not in found]
    if missing:
        raise NotFound("no such line in this shop", code="line_not_found")
    for line, _ in found.values():
        if line.fulfilment not in OPEN:
            raise Conflict("it has left, or was cancelled", code="already_left", name=line.market_name)
    return [found[line_id] for line_id in dict.fromkeys(params.line_ids)]


def _matched(line: OrderLine, item: StockItem) -> list[Change]:
    label = line.market_name or ""
    sets: list[tuple[str, Any, Any]] = []
    if line.allocated:
        sets += [("allocated", line.allocated, 0), ("fulfilment", line.fulfilment.value, "unallocated")]
    sets += [
        ("item_id", line.item_id, item.id), ("product_id", line.product_id, item.product_id),
        ("matched_by", to_json(line.matched_by), MatchedBy.HAND.value),
    ]  # fmt: skip
    return [
        Change("order_line", line.id, name, before, after, label) for name, before, after in sets if before != after
    ]


def _memories(
    session: Session, shop_id: str, rows: Sequence[tuple[OrderLine, Market]], item: StockItem
) -> tuple[list[Change], int]:
    """What is remembered of these market products, and how many were remembered otherwise."""
    keys = {
        (market, market_key(line.market_product_no, line.market_name, line.market_option)): line.market_name or ""
        for line, market in rows
        if line.market_name
    }
    query = select(LineMatch).where(LineMatch.shop_id == shop_id, LineMatch.market_key.in_([key for _, key in keys]))
    known = {(memory.market, memory.market_key): memory for memory in session.scalars(query)}
    changes: list[Change] = []
    otherwise = 0
    for (market, key), name in keys.items():
        memory = known.get((market, key))
        if memory is None:
            after = {"market": market.value, "market_key": key, "item_id": item.id, "active": True}
            changes.append(create("line_match", after, name))
            continue
        otherwise += memory.active and memory.item_id != item.id
        for field, before, now in (("item_id", memory.item_id, item.id), ("active", memory.active, True)):
            if before != now:
                changes.append(Change("line_match", memory.id, field, before, now, name))
    return changes, otherwise


register(PlanKind("order.match", MatchParams, propose))
register(PlanKind("orders.rematch", RematchParams, propose_rematch))

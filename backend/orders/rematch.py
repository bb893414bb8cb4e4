"""Unmatched lines are looked at again by the rules: after new items, a new memory or another matching basis."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.db.locks import take_turn
from backend.inventory.promises import forget
from backend.markets.codes import Market
from backend.orders.matching import Match, SoldLine, matcher
from backend.orders.models import Order, OrderLine
from backend.orders.states import OPEN


def match_waiting(session: Session, shop_id: str, line_ids: Collection[str] | None = None) -> int:
    """The engine's rematch: writes what fits and returns how many lines are matched now that were not."""
    take_turn(session, [shop_id])
    lines = [pair for pair in unmatched_lines(session, shop_id) if line_ids is None or pair[0].id in line_ids]
    found = found_for(session, shop_id, lines)
    if found:
        table: Any = OrderLine.__table__
        session.execute(
            update(table)
            .where(table.c.id == bindparam("line"))
            .values(
                item_id=bindparam("item"),
                product_id=bindparam("product"),
                matched_by=bindparam("by"),
                version=table.c.version + 1,
            ),
            [{"line": line, "item": m.item_id, "product": m.product_id, "by": m.by} for line, m in found.items()],
        )
        forget(session, OrderLine, found)
    return len(found)


def unmatched_lines(session: Session, shop_id: str) -> list[tuple[OrderLine, Market]]:
    """Of orders that are handled here and in the list."""
    query = (
        select(OrderLine, Order.market)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.shop_id == shop_id, OrderLine.item_id.is_(None), OrderLine.fulfilment.in_(OPEN))
        .where(Order.collected_at.is_not(None), Order.removed_at.is_(None))
        .order_by(OrderLine.id)
    )
    return list(session.execute(query).tuples())


def found_for(session: Session, shop_id: str, lines: Sequence[tuple[OrderLine, Market]]) -> dict[str, Match]:
    """Line id → what it is by the rules of now; lines that fit nothing are missing."""
    said = {line.id: _sold(line, market) for line, market in lines}
    if not said:
        return {}
    judge = matcher(session, shop_id, said.values())
    found = {line_id: judge.match(sold) for line_id, sold in said.items()}
    return {line_id: match for line_id, match in found.items() if match.item_id is not None}


def _sold(line: OrderLine, market: Market) -> SoldLine:
    return SoldLine(market, line.market_product_no, line.seller_code, line.market_name or "", line.market_option)

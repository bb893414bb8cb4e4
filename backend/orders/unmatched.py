"""Lines no stock item is known for, by market product, with what is spelt like them for a person to choose from."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.kit.hangul import best_matches
from backend.orders.models import Order, OrderLine
from backend.orders.names import market_key
from backend.orders.schemas import Suggestion, UnmatchedOut
from backend.orders.states import OPEN
from backend.products.models import Product

SUGGESTED, LIKE = 5, 0.45


def unmatched(session: Session, shop_id: str, limit: int | None = None) -> list[UnmatchedOut]:
    """The products most lines wait for first."""
    query = (
        select(OrderLine, Order.market, Order.order_no)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.shop_id == shop_id, OrderLine.item_id.is_(None), OrderLine.fulfilment.in_(OPEN))
        .where(Order.collected_at.is_not(None), Order.removed_at.is_(None))
        .order_by(OrderLine.id)
    )
    groups: dict[tuple[str, str], UnmatchedOut] = {}
    for line, market, order_no in session.execute(query).tuples():
        key = market_key(line.market_product_no, line.market_name, line.market_option)
        group = groups.setdefault((market, key), UnmatchedOut(
            market=market, market_key=key, market_product_no=line.market_product_no, seller_code=line.seller_code,
            name=line.market_name, option=line.market_option, lines=0, quantity=0, line_ids=[], orders=[], suggestions=[],
        ))  # fmt: skip
        group.lines += 1
        group.quantity += line.quantity - line.cancelled
        group.line_ids.append(line.id)
        if order_no not in group.orders:
            group.orders.append(order_no)
    found = sorted(groups.values(), key=lambda group: (-group.lines, group.name or ""))[:limit]
    if found:
        names = _names(session, shop_id)
        for group in found:
            group.suggestions = suggestions(group.name, group.option, names)
    return found


def suggestions(
    name: str | None, option: str | None, names: dict[str, tuple[str, str, str]], limit: int = SUGGESTED
) -> list[Suggestion]:
    """Items spelt most like name and option in one, by the keys they are typed with."""
    wanted = f"{name or ''} {option or ''}".strip()
    scores: dict[str, tuple[tuple[str, str, str], float]] = {}
    for called, score in best_matches(wanted, names, limit * 2, LIKE):
        item = names[called]
        if item[0] not in scores:
            scores[item[0]] = (item, score)
    return [
        Suggestion(item_id=item[0], code=item[1], name=item[2], score=round(score, 3))
        for item, score in scores.values()
    ][:limit]


def _names(session: Session, shop_id: str) -> dict[str, tuple[str, str, str]]:
    """Each item by its own name, and by its product's name with the option."""
    rows: Sequence[tuple[str, str, str, str | None, str | None]] = (
        session.execute(
            select(StockItem.id, StockItem.code, StockItem.name, StockItem.option_name, Product.name)
            .outerjoin(Product, Product.id == StockItem.product_id)
            .where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
            .order_by(StockItem.code)
        )
        .tuples()
        .all()
    )
    found: dict[str, tuple[str, str, str]] = {}
    for item_id, code, name, option, product in rows:
        found.setdefault(name, (item_id, code, name))
        if product:
            found.setdefault(f"{product} {option or ''}".strip(), (item_id, code, name))
    return found

"""What the settings of collecting, matching and allocating change (source: 002, 주문)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.inventory_settings.effects.stock import short_orders
from backend.inventory_settings.waiting import waiting_lines
from backend.orders.models import OrderLine
from backend.orders.names import is_excluded
from backend.orders.rematch import unmatched_lines

Values = Mapping[str, Any]


def duplicate_order_no(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Only what comes from now on is looked at."""
    return [Effect("setting_from_next_order", {"policy": after["duplicate_order_no"].value})]


def collection_excluded(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Lines that were collected already and would not be now: they stay."""
    new = [word for word in after["collection_excluded"] if word not in before["collection_excluded"]]
    names = session.scalars(waiting_lines(shop_id).with_only_columns(OrderLine.market_name))
    here = sum(is_excluded(name or "", new) for name in names)
    return [Effect("setting_collection_leaves_out", {"words": len(after["collection_excluded"]), "count": here})]


def matching_basis(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Lines without an item are tried again; what is matched stays matched."""
    return [Effect("setting_matched_again", {"count": len(unmatched_lines(session, shop_id))})]


def allocation_priority(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    return [Effect("setting_queue_reordered", {"count": short_orders(session, shop_id)})]


EFFECTS = {
    f.__name__: f for f in (duplicate_order_no, collection_excluded, matching_basis, allocation_priority)
}  # fmt: skip

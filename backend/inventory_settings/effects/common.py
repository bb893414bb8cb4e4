"""What product sync and integrated orders change (source: 002, 공통)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.inventory.models import StockItem
from backend.inventory.sync import out_of_step
from backend.inventory_settings.effects.counting import active_items, count
from backend.inventory_settings.waiting import waiting_orders
from backend.markets.models import AccountState, MarketAccount
from backend.products.models import Product

Values = Mapping[str, Any]


def product_sync(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """On: the options of products that are not in the list yet; off: the items that stop following the mall."""
    if after["product_sync"]:
        products = list(session.scalars(select(Product).where(Product.shop_id == shop_id)))
        steps = out_of_step(session, shop_id, products, after["product_update_excluded"])
        return [Effect("setting_products_join", {"count": len(steps.new)})]
    linked = active_items(shop_id).where(StockItem.product_id.is_not(None))
    return [Effect("setting_items_stop_following", {"count": count(session, linked)})]


def integrated_orders(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Off: new orders stay in the markets, those that are here are still to be finished here."""
    if after["integrated_orders"]:
        linked = select(MarketAccount).where(
            MarketAccount.shop_id == shop_id, MarketAccount.state == AccountState.CONNECTED
        )
        return [Effect("setting_orders_collected", {"count": count(session, linked)})]
    return [Effect("setting_orders_not_collected", {"count": count(session, waiting_orders(shop_id))})]


EFFECTS = {"product_sync": product_sync, "integrated_orders": integrated_orders}

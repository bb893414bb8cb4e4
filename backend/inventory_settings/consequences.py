"""What must be done at once when a setting changed, so that what is there agrees with it.

Everything else is asked of the setting when it is needed. Each runs in the transaction of the change, and again, with the
value of before, when the change is undone.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory.models import StockItem
from backend.inventory.sync import sync_products
from backend.inventory_settings.effects.counting import active_items
from backend.inventory_settings.marking import mark_again
from backend.markets.announce import announce_stock
from backend.orders.allocate import allocate_waiting
from backend.orders.rematch import match_waiting

Consequence = Callable[[Session, Actor], object]


def _mark_remote_areas(session: Session, actor: Actor) -> None:
    mark_again(session, actor.shop_id)


def _allocate(session: Session, actor: Actor) -> None:
    """What is promised already stays promised, also when the change is undone: nobody loses a parcel to a setting."""
    allocate_waiting(session, actor.shop_id)


def _match(session: Session, actor: Actor) -> None:
    """What is matched stays matched; what is matched now may have stock."""
    if match_waiting(session, actor.shop_id):
        allocate_waiting(session, actor.shop_id)


def _follow_the_mall(session: Session, actor: Actor) -> None:
    """Does nothing while product sync is off."""
    sync_products(session, actor.shop_id)


def _tell_markets(session: Session, actor: Actor) -> None:
    """Only numbers that a market was told otherwise go out."""
    items = list(session.scalars(active_items(actor.shop_id).with_only_columns(StockItem.id)))
    announce_stock(session, actor.shop_id, items)


CONSEQUENCES: dict[str, Consequence] = {
    "product_sync": _follow_the_mall,
    "product_update_excluded": _follow_the_mall,
    "allocation_basis": _allocate,
    "allocation_priority": _allocate,
    "gift_allocation": _allocate,
    "matching_basis": _match,
    "market_stock_basis": _tell_markets,
    "market_stock_arbitrary": _tell_markets,
    "remote_area_marking": _mark_remote_areas,
    "remote_areas": _mark_remote_areas,
}


def follow(session: Session, actor: Actor, key: str) -> None:
    done = CONSEQUENCES.get(key)
    if done is not None:
        session.flush()
        done(session, actor)

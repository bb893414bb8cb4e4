"""What the settings of stock change (source: 002, 재고)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.inventory.models import Inbound, StockItem
from backend.inventory.states import InboundState
from backend.inventory.sync import out_of_step
from backend.inventory_settings.catalogue import AllocationBasis, GiftAllocation, MarketStockBasis, MonthlyReminder
from backend.inventory_settings.effects.counting import active_items, count
from backend.inventory_settings.waiting import waiting_lines
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import Listing, ListingState
from backend.orders.models import OrderLine
from backend.orders.sharing import may_have_more
from backend.orders.waiting import open_lines
from backend.products.models import Product

Values = Mapping[str, Any]


def short_orders(session: Session, shop_id: str) -> int:
    """Orders that wait for stock, by the check that decides who may have some."""
    return len({line.order_id for line in open_lines(session, shop_id) if may_have_more(line)})


def allocation_basis(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Without a limit everything that waits gets its stock; with one again, what was promised beyond it stays promised."""
    if after["allocation_basis"] is AllocationBasis.UNLIMITED:
        return [Effect("setting_allocated_anyway", {"count": short_orders(session, shop_id)})]
    beyond = active_items(shop_id).where(StockItem.reserved > StockItem.stocked)
    return [Effect("setting_promised_beyond", {"count": count(session, beyond)})]


def listed_items(session: Session, shop_id: str) -> int:
    """Items whose product is on a market other than the own mall."""
    listed = select(Listing.product_id).where(
        Listing.shop_id == shop_id, Listing.state == ListingState.ON_MARKET, Listing.product_id.is_not(None),
        Listing.market != Market.MALL,
    )  # fmt: skip
    return count(session, active_items(shop_id).where(StockItem.product_id.in_(listed)))


def market_stock_basis(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    if after["market_stock_basis"] is MarketStockBasis.ARBITRARY:
        return _to_number(session, shop_id, after)
    data = {"count": listed_items(session, shop_id), "basis": after["market_stock_basis"].value}
    return [Effect("setting_market_stock_sent", data)]


def market_stock_arbitrary(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Said already where the basis changes with it."""
    same_breath = before["market_stock_basis"] is not after["market_stock_basis"]
    return [] if same_breath else _to_number(session, shop_id, after)


def _to_number(session: Session, shop_id: str, after: Values) -> list[Effect]:
    data = {"count": listed_items(session, shop_id), "number": after["market_stock_arbitrary"]}
    return [Effect("setting_market_stock_becomes", data)]


def mall_quantity_sync(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    data = {"on": after["mall_quantity_sync"], "count": count(session, active_items(shop_id))}
    return [Effect("setting_new_items_quantity", data)]


def product_update_excluded(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """The products that the words leave out now."""
    products = list(session.scalars(select(Product).where(Product.shop_id == shop_id)))
    steps = out_of_step(session, shop_id, products, after["product_update_excluded"])
    return [Effect("setting_products_left_out", {"count": steps.excluded})]


def option_tags(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Taking a tag out of the vocabulary leaves it on the items that bear it."""
    gone = set(before["option_tags"]) - set(after["option_tags"])
    bearing = sum(
        bool(gone & set(tags)) for tags in session.scalars(active_items(shop_id).with_only_columns(StockItem.tags))
    )
    return [
        Effect("setting_tags_offered", {"gone": sorted(gone), "count": bearing, "offered": len(after["option_tags"])})
    ]


def overdue_display(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    late = select(Inbound).where(
        Inbound.shop_id == shop_id, Inbound.due_on < clock.today(),
        Inbound.state.in_((InboundState.EXPECTED, InboundState.PARTLY)),
    )  # fmt: skip
    return [Effect("setting_overdue_shown", {"on": after["overdue_display"], "count": count(session, late)})]


def gift_allocation(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Gifts that wait in parcels of today stay where they are: the rule is asked when a parcel is made."""
    gifts = waiting_lines(shop_id).where(OrderLine.gift_rule_id.is_not(None))
    data = {"partial": after["gift_allocation"] is GiftAllocation.PARTIAL_TOO, "count": count(session, gifts)}
    return [Effect("setting_gifts_go", data)]


def barcode_form(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    form = after["barcode_form"]
    coded = active_items(shop_id).where(StockItem.barcode.is_not(None))
    return [Effect("setting_barcodes_printed", {"per_sheet": form.columns * form.rows, "count": count(session, coded)})]


def low_stock_reminder(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    low = active_items(shop_id).where(StockItem.stocked - StockItem.reserved <= StockItem.safety)
    return [Effect("setting_low_stock_told", {"on": after["low_stock_reminder"], "count": count(session, low)})]


def stock_check_reminder(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    reminder: MonthlyReminder = after["stock_check_reminder"]
    data = {"on": reminder.on, "next": next_check(reminder, clock.today()).isoformat()}
    return [Effect("setting_stock_check_told", data)]


def next_check(reminder: MonthlyReminder, today: date) -> date:
    """The day itself is still to come in the morning of that day."""
    this = today.replace(day=reminder.day)
    return this if this >= today else (today.replace(day=28) + timedelta(days=4)).replace(day=reminder.day)


EFFECTS = {
    f.__name__: f for f in (
        allocation_basis, market_stock_basis, market_stock_arbitrary, mall_quantity_sync, product_update_excluded,
        option_tags, overdue_display, gift_allocation, barcode_form, low_stock_reminder, stock_check_reminder,
    )
}  # fmt: skip

"""Plants the demo shops: a year of trade, of which the last four weeks are lived through with the product's own code.

Until then the shops are plain rows. From then on the clock is moved hour by hour and the real scheduler, plans and
services act, so that work status, history, undo and OFF are true because they happened, not because they were written.
Everything follows from the date alone: the dice are seeded with the shop's name.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work
from backend.db.models import metadata
from backend.desk.models import Staff
from backend.kit import clock
from backend.seed import customers, mall_list, shops, stock
from backend.seed.coupon_book import CouponBook
from backend.seed.description import SHOPS, SIZES, ShopDescription, Size, shop_described
from backend.seed.pictures import give_originals
from backend.seed.products import SeededProduct, products_of
from backend.seed.replay import REPLAYED_DAYS, Living, replay
from backend.seed.staff import hire, hire_last, is_planted
from backend.seed.trade import Day, Trade

TRADE_DAYS = 365
ROWS_AT_ONCE = 50_000


def sow(size: str, *, reset: bool = False) -> bool:
    """Plant the shops unless they stand already; a planting that was interrupted starts over. True when it planted.

    The features must be loaded and the database migrated.
    """
    with unit_of_work(write=False) as session:
        complete = is_planted(session)
        empty = not session.scalar(select(func.count()).select_from(Staff))
    if complete and not reset:
        return False
    today = clock.today()
    with clock.frozen(shops.at(today, TRADE_DAYS, 0)) as watch:
        with unit_of_work() as session:
            if not empty:
                clear(session)
            hire(session)
            living = [_plant(session, shop_described(mall_id), SIZES[size], today) for mall_id in SHOPS]
        replay(living, today, watch)
        with unit_of_work() as session:
            for mall_id in SHOPS:
                stock.plant(session, mall_id, today)
                mall_list.list_partners(session, f"shop_{mall_id}")
            hire_last(session)
    return True


def clear(session: Session) -> None:
    """Delete every row of every table."""
    for table in reversed(metadata.sorted_tables):
        session.execute(table.delete())


def _plant(session: Session, shop: ShopDescription, size: Size, today: date) -> Living:
    """The shop's rows up to where the replay begins."""
    dice = Random(f"opstalk {shop.mall_id}")
    products = products_of(shop, size, today, dice)
    give_originals(shop, products, size.pictures)
    shops.found(session, shop, products, today, dice)
    book = CouponBook(shop, dice)
    book.learn(session)
    trade = Trade(shop, products, size, today, book, dice)
    before = Day()
    for day in _days(today - timedelta(days=TRADE_DAYS), today - timedelta(days=REPLAYED_DAYS)):
        before.add(trade.on(day))
        if len(before.reactions) > ROWS_AT_ONCE:
            before.write(session)
            before = Day()
    before.write(session)
    customers.enrol(session, shop.mall_id)
    book.write(session)
    shops.settle(session, shop, today, REPLAYED_DAYS + 1)
    return Living(shop, _by_name(products), trade, book)


def _by_name(products: list[SeededProduct]) -> dict[str, str]:
    return {product.base: product.id for product in products if product.base}


def _days(first: date, end: date) -> Iterator[date]:
    for number in range((end - first).days):
        yield first + timedelta(days=number)

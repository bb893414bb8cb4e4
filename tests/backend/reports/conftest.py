"""A shop in the week of Wednesday 18 November 2026; the reports are of weeks before and around it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.kit import clock
from backend.kit.weeks import Week
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.orders.models import Order, OrderLine
from backend.products.models import Product, ProductDay
from backend.reports.contents import contents_of
from backend.reports.schemas import WeeklyContents
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_listing, add_product, add_run, fresh

__all__ = ["fresh"]
LAST = Week(date(2026, 11, 9))  # the last complete week at the tests' usual time
MONDAY_NINE = datetime(2026, 11, 16, 9, tzinfo=clock.SEOUL)


def noon(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), clock.SEOUL)


@pytest.fixture
def monday_nine() -> Iterator[clock.FrozenClock]:
    """The moment at which the report of `LAST` is due."""
    with clock.frozen(MONDAY_NINE) as watch:
        yield watch


@pytest.fixture
def read(session: Session, shop: Shop) -> Callable[..., WeeklyContents]:
    """The contents of a week as counted on the Monday after it, or at another time."""

    def go(week: Week = LAST, at: datetime | None = None) -> WeeklyContents:
        session.flush()
        now = at or noon(week.next.monday, 9)
        with clock.frozen(now):
            return contents_of(session, shop, week, clock.now())

    return go


def sell(
    session: Session, product: Product, days: list[date], orders: int, views: int = 100, price: int = 10_000
) -> None:
    """On the own mall, as many on each of the days."""
    for day in days:
        session.add(
            ProductDay(
                product_id=product.id, shop_id=product.shop_id, day=day, views=views, orders=orders, quantity=orders,
                revenue=orders * price,
            )
        )  # fmt: skip
    session.flush()


def sell_on(session: Session, product: Product, market: Market, day: date, orders: int, quantity: int = 1) -> None:
    for number in range(orders):
        order_id = f"ord_{product.id}_{market.value}_{day:%m%d}_{number}"
        session.add(
            Order(
                id=order_id, shop_id=product.shop_id, order_no=order_id, market=market, buyer_name="김*수",
                ordered_at=noon(day), total=20_000,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            OrderLine(
                id=f"orl_{order_id}", shop_id=product.shop_id, order_id=order_id, product_id=product.id,
                quantity=quantity, amount=20_000 * quantity,
            )
        )  # fmt: skip
    session.flush()


def days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=one) for one in range(number)]


def renamed(session: Session, shop: Shop, products: list[Product], day: date, market: Market = Market.MALL) -> Run:
    """PRO improved these products' names on that day, through the writer that keeps the audit."""
    run = ran(session, shop, "product_name", market, day)
    changes: list[Change] = []
    for product in products:
        if market is Market.MALL:
            changes.append(
                Change("product", product.id, "name", product.name, f"{product.name} {day:%d}", product.name)
            )
        else:
            listing = _listing(session, product, market)
            changes.append(
                Change("listing", listing.id, "title", listing.title, f"{listing.title} {day:%d}", listing.title)
            )
    with clock.frozen(noon(day)):
        apply(session, pro_actor(shop.id), "run.product_name", Source("run", run.id, "titles"), changes)
    session.flush()
    return run


def _listing(session: Session, product: Product, market: Market) -> Listing:
    found = session.query(Listing).filter_by(product_id=product.id, market=market).one_or_none()
    return found or add_listing(session, product, market)


def ran(session: Session, shop: Shop, operation: str, market: Market | None, day: date, **over: Any) -> Run:
    at = noon(day)
    return add_run(
        session, shop, operation, market,
        **{"state": RunState.DONE, "scheduled_for": at, "finished_at": at, "result": {"changed": 1}, **over},
    )  # fmt: skip


@pytest.fixture
def products(session: Session, shop: Shop) -> list[Product]:
    """Three old products of the shop."""
    return [add_product(session, shop, number) for number in (1, 2, 3)]

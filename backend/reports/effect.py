"""Before and after: what touched products sold in equal lengths of days on both sides of a change.

The rule, which the page repeats: whole weeks of days (7, or 14 where as many have passed), so that weekends weigh the
same; the day of the change is left out; products registered too late to have a before are left out; below 7 days
since, or 10 orders on both sides together, nothing is said but that it is too early. Orders that come by themselves
spread like counts do: a difference below twice the root of both sides' sum is told as one that chance makes, too. Two numbers side by side are no
cause: season, price, advertising and other work act in the same days, and products that were chosen because they sold
well lately sell less afterwards by themselves. The numbers are our own choice (decision 0008).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kit.weeks import DAYS, Week
from backend.markets.codes import Market
from backend.products.models import Product
from backend.reports.schemas import Comparison, EffectOfWeek, EffectRule, Verdict
from backend.reports.sold import LEAST_VIEWS, Sales
from backend.reports.touched import Touching, touching_between

LENGTHS = (2 * DAYS, DAYS)
LEAST_ORDERS = 10
WEEKS_BACK = 2  # older changes were told in earlier reports
CHOSEN_BY_SALES = frozenset({"main_display"})  # it shows what sold best lately: that falls back by itself
CHANCE = 2.0  # about nineteen in twenty differences without a reason are smaller
EXAMPLES = 3
RULE = EffectRule(least_days=LENGTHS[-1], most_days=LENGTHS[0], least_orders=LEAST_ORDERS, least_views=LEAST_VIEWS)


@dataclass(frozen=True)
class Stretch:
    """`days` whole days on each side of a change."""

    changed_on: date
    days: int

    @property
    def before(self) -> tuple[date, date]:
        return self.changed_on - timedelta(days=self.days), self.changed_on - timedelta(days=1)

    @property
    def after(self) -> tuple[date, date]:
        return self.changed_on + timedelta(days=1), self.changed_on + timedelta(days=self.days)


def effect_of(session: Session, shop_id: str, week: Week, until: date) -> EffectOfWeek:
    """`until` is the last whole day that counts: the week's Sunday, or yesterday while it runs."""
    told_from = week.monday - timedelta(days=WEEKS_BACK * DAYS)
    everything = touching_between(session, shop_id, told_from - timedelta(days=LENGTHS[0]), week.sunday)
    told = [touching for touching in everything if touching.day >= told_from]
    sales = Sales(session, shop_id)
    compared = [_compared(sales, one, everything, until) for one in told]
    return EffectOfWeek(rule=RULE, compared=compared, widest=_widest(compared))


def _widest(compared: list[Comparison]) -> str | None:
    """Of the measured ones with products not chosen by their sales, the one with the most orders."""
    fair = [c for c in compared if c.verdict is Verdict.MEASURED and not c.chosen_by_sales]
    orders = {c.run_id: c.before.orders + c.after.orders for c in fair if c.before and c.after}
    return max(orders, key=lambda run_id: (orders[run_id], run_id), default=None)


def _compared(sales: Sales, one: Touching, everything: list[Touching], until: date) -> Comparison:
    since = max(0, (until - one.day).days)
    days = next((length for length in LENGTHS if length <= since), None)
    stretch = Stretch(one.day, days or RULE.least_days)
    products = _products(sales.session, one)
    compared = [product for product in products if product.registered_on <= stretch.before[0]]
    ids = {product.id for product in compared}
    others = [t for t in everything if t.run.id != one.run.id and t.market is one.market and _within(t.day, stretch)]
    base = Comparison(
        operation=one.run.operation, market=one.run.market.value if one.run.market else None, run_id=one.run.id,
        changed_on=one.day, products=len(products), examples=[p.name for p in (compared or products)[:EXAMPLES]],
        left_out=len(products) - len(compared), shared=len(ids & frozenset().union(*(t.products for t in others))),
        verdict=Verdict.TOO_EARLY, days_since=since, chosen_by_sales=one.run.operation in CHOSEN_BY_SALES,
    )  # fmt: skip
    return _measured(sales, base, one.market, stretch, ids) if days else base


def _measured(sales: Sales, base: Comparison, market: Market, stretch: Stretch, ids: set[str]) -> Comparison:
    known = sales.first_record(market)
    if not ids or known is None or known > stretch.before[0]:
        return base.model_copy(update={"verdict": Verdict.NO_RECORD})
    before, after = sales.of(market, ids, stretch.before), sales.of(market, ids, stretch.after)
    if before.conversion is None or after.conversion is None:  # a rate on one side compares with nothing
        before, after = (side.model_copy(update={"conversion": None}) for side in (before, after))
    orders = before.orders + after.orders
    return base.model_copy(update={
        "verdict": Verdict.MEASURED if orders >= LEAST_ORDERS else Verdict.TOO_FEW, "days": stretch.days,
        "before_from": stretch.before[0], "before_to": stretch.before[1],
        "after_from": stretch.after[0], "after_to": stretch.after[1], "before": before, "after": after,
        "rest_before": sales.orders_of_all(market, stretch.before) - before.orders,
        "rest_after": sales.orders_of_all(market, stretch.after) - after.orders,
        "within_chance": abs(after.orders - before.orders) < CHANCE * sqrt(orders),
    })  # fmt: skip


def _products(session: Session, one: Touching) -> list[Product]:
    query = select(Product).where(Product.shop_id == one.run.shop_id, Product.id.in_(one.products))
    return list(session.scalars(query.order_by(Product.code)))


def _within(day: date, stretch: Stretch) -> bool:
    return stretch.before[0] <= day <= stretch.after[1]

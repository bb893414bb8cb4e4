"""The last four weeks of the demo shops, lived through on a clock that is moved: buyers buy, PRO runs, people decide."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.conversations.models import Conversation
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.clock import FrozenClock
from backend.operations import planner
from backend.operations.customer_messages import send_customer_messages
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import WAITING, RunState
from backend.operations.tick import due_runs, tick
from backend.reports.publish import HOUR as REPORT_AT
from backend.reports.publish import publish_due
from backend.seed import acts, customers, inquiries, shops
from backend.seed.coupon_book import CouponBook
from backend.seed.description import Act, ShopDescription
from backend.seed.market_answers import take_exports
from backend.seed.trade import Trade

REPLAYED_DAYS = 28
ROUND_AT = 10  # the hour of the main display, so that its notice is a day early
DESK_AT = 16  # messages of the morning are out, and the merchant answers what was drafted
WORKER = "seed"


@dataclass(frozen=True)
class Living:
    """A shop while its weeks are replayed; `product_ids` by the name in the description."""

    shop: ShopDescription
    product_ids: dict[str, str]
    trade: Trade
    book: CouponBook


def replay(living: list[Living], today: date, watch: FrozenClock) -> None:
    """Ends on today's first moment, with tomorrow's main display announced."""
    for days_ago in range(REPLAYED_DAYS, 0, -1):
        _day(living, today, days_ago, watch)
    watch.move_to(shops.at(today, 0, 0))
    with unit_of_work() as session:
        for one in living:
            shops.sell_out(session, one.shop)
        # the notices of the past weeks were read long ago; only tomorrow's is new
        session.execute(update(Conversation).values(read_seq=Conversation.last_seq))
        _announce_tomorrow(session, today)


def _day(living: list[Living], today: date, days_ago: int, watch: FrozenClock) -> None:
    watch.move_to(shops.at(today, days_ago, 7))
    with unit_of_work() as session:
        settled = [shops.settle(session, one.shop, today, days_ago) for one in living]
        for one in living:
            inquiries.arrive(session, one.shop.mall_id, one.product_ids, today, days_ago)
    agenda = [(act.hour, one, act) for one in living for act in one.shop.acts if act.days_ago == days_ago]
    for hour in sorted({REPORT_AT, ROUND_AT, DESK_AT, *(hour for hour, _, _ in agenda)}):
        _run_until(shops.at(today, days_ago, hour), watch)
        if hour == REPORT_AT and clock.today().weekday() == 0:
            publish_due()
        if hour == ROUND_AT and (any(settled) or _round_matters(days_ago, [act for _, _, act in agenda])):
            tick(worker=WORKER)
        if hour == DESK_AT:
            send_customer_messages()
            with unit_of_work() as session:
                for one in living:
                    inquiries.answer(session, one.shop.mall_id)
        for _, one, act in (entry for entry in agenda if entry[0] == hour):
            acts.perform(one.shop, one.product_ids, act, today)
    _run_until(shops.at(today, days_ago - 1, 0) - timedelta(minutes=1), watch)
    with unit_of_work() as session:
        take_exports(session)
        for one in living:
            one.book.learn(session)
            one.trade.on(today - timedelta(days=days_ago)).write(session)
            one.book.write(session)
            customers.enrol(session, one.shop.mall_id)


def _round_matters(days_ago: int, acts_of_day: list[Act]) -> bool:
    """The scheduler's rounds of other days would find nothing to plan or to announce, only cost time."""
    return days_ago % 7 == 0 or days_ago == 1 or any(act.plan == "ops.on" for act in acts_of_day)


def _run_until(moment: datetime, watch: FrozenClock) -> None:
    """Carry out what falls due before `moment`, each run at its own time, and leave the clock there."""
    while True:
        with unit_of_work(write=False) as session:
            starts = select(Run.scheduled_for).where(Run.state.in_(WAITING), Run.scheduled_for <= moment)
            start = session.scalar(starts.order_by(Run.scheduled_for).limit(1))
            due = due_runs(session, start) if start else []
        if start is None or not due:
            break
        watch.move_to(max(start, watch.now()))
        for run_id in due:
            execute(run_id, WORKER)
    watch.move_to(moment)


def _announce_tomorrow(session: Session, today: date) -> None:
    """The notice goes out a few hours early, so that the demo shows one whatever the time of day."""
    end_of_tomorrow = shops.at(today, -2, 0)
    waiting = select(Run).where(Run.state == RunState.SCHEDULED, Run.scheduled_for < end_of_tomorrow)
    for run in session.scalars(waiting.where(Run.operation == "main_display").order_by(Run.id)):
        planner.announce(session, run, shops.at(today, 0, 0))

"""What can happen outside the conversation while a dialogue goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.access.actor import member_actor, staff_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.db.engine import unit_of_work
from backend.display.models import DisplaySlot
from backend.kit import clock
from backend.kit.ids import new_id
from backend.kit.weeks import Week, last_complete
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.operations import lease, planner
from backend.operations.models import Run
from backend.operations.schedule import at_hour
from backend.operations.states import RunState
from backend.reports.publish import publish_week, ready_at
from backend.shops.models import Member, ProState, Role, Shop
from backend.work_requests.advance import advance
from backend.work_requests.models import RequestState, WorkRequest
from tests.conversations import buyers, desk, market_worker, orders, outages, stock_settings, stockroom
from tests.conversations.person import Person
from tests.conversations.stage import Stage


def edit_title(stage: Stage, mall_id: str, person: Person, number: int = 1, market: str = "smartstore") -> None:
    """The sub-operator types another name into the listing."""
    with unit_of_work() as session:
        listing = session.get_one(Listing, f"lst_{mall_id}_{market}_{number:02d}")
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_sub"))
        change = Change("listing", listing.id, "title", listing.title, "직접 고친 이름", listing.title)
        apply(session, actor, "listing.edit", Source("direct", new_id("edit")), [change])


def switch_off_elsewhere(stage: Stage, mall_id: str, person: Person, **params: Any) -> None:
    """The same owner switches something off in another window."""
    from backend.plans import service

    with unit_of_work() as session:
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_owner"))
        plan = service.preview(session, actor, "ops.off", params)
        service.confirm(session, actor, plan.id, new_id("key"))


def pause_pro(stage: Stage, mall_id: str, person: Person) -> None:
    with unit_of_work() as session:
        session.get_one(Shop, f"shop_{mall_id}").pro_state = ProState.PAUSED


def market_down(stage: Stage, mall_id: str, person: Person, market: str = "coupang") -> None:
    with unit_of_work() as session:
        session.get_one(MarketAccount, f"mka_{mall_id}_{market}").state = AccountState.UNREACHABLE


def run_is_claimed(stage: Stage, mall_id: str, person: Person, operation: str = "main_display") -> None:
    """The waiting run vanishes between preview and confirmation, as when a worker takes it."""
    with unit_of_work() as session:
        run = session.scalars(
            select(Run).where(
                Run.shop_id == f"shop_{mall_id}", Run.operation == operation, Run.state == RunState.SCHEDULED
            )
        ).first()
        if run is not None:
            session.delete(run)


def notice_comes(stage: Stage, mall_id: str, person: Person) -> None:
    """PRO's notice of the day before stands in the thread: the main page changes the day after tomorrow at ten."""
    with unit_of_work() as session:
        shop = session.get_one(Shop, f"shop_{mall_id}")
        run = session.scalars(
            select(Run).where(Run.shop_id == shop.id, Run.operation == "main_display", Run.state == RunState.SCHEDULED)
        ).one()
        # the page was arranged by hand since: there is something to change
        slots = session.scalars(select(DisplaySlot).where(DisplaySlot.group_id == f"dgr_{mall_id}_2")).all()
        shown = [slot.product_id for slot in slots]
        for slot, product_id in zip(slots, reversed(shown), strict=True):
            slot.product_id = product_id
        run.scheduled_for = at_hour(clock.today() + timedelta(days=2), 10)
        session.flush()
        assert planner.announce(session, run, clock.now()) is RunState.ANNOUNCED
    person.read_notice()


def run_starts(stage: Stage, mall_id: str, person: Person) -> None:
    """A worker takes the main page's run."""
    with unit_of_work() as session:
        run = session.scalars(
            select(Run).where(
                Run.shop_id == f"shop_{mall_id}", Run.operation == "main_display", Run.open_key.is_not(None)
            )
        ).one()
        run.scheduled_for = clock.now()
        session.flush()
        assert lease.claim(session, run.id, "worker", clock.now())


def remember_button(stage: Stage, mall_id: str, person: Person, title: str) -> None:
    """A card stays in the thread: its button can be pressed later."""
    person.remembered = next(button for button in person.buttons() if button["title"] == title)


def pick_day(stage: Stage, mall_id: str, person: Person, days: int) -> None:
    """Chooses a day in the calendar that was shown last."""
    picker = next(block for block in person.blocks() if block["type"] == "date_picker")
    day = clock.today() + timedelta(days=days)
    person.send(day.isoformat(), picker["payload"].replace("$DATE", day.isoformat()))


def press_remembered(stage: Stage, mall_id: str, person: Person) -> None:
    assert person.remembered is not None, "no button was remembered"
    person.send(person.remembered["title"], person.remembered["payload"])


def loses_ownership(stage: Stage, mall_id: str, person: Person) -> None:
    """The owner hands the shop over while a preview is on the screen."""
    with unit_of_work() as session:
        session.get_one(Member, f"mem_{mall_id}_owner").role = Role.SUB_OPERATOR


def request_moves_on(
    stage: Stage, mall_id: str, person: Person, to: tuple[str, ...] = ("accepted", "in_progress")
) -> None:
    """The operations team works on the request that is open."""
    for state in to:
        with unit_of_work() as session:
            request = session.scalars(select(WorkRequest).where(WorkRequest.shop_id == f"shop_{mall_id}")).one()
            actor = staff_actor(desk.operations_of(session), request.shop_id)
            advance(session, actor, request.id, RequestState(state), None)


def reports_are_made(stage: Stage, mall_id: str, person: Person, weeks: int = 1) -> None:
    """The worker's Monday rounds of the last weeks, oldest first."""
    week = last_complete(clock.today())
    for back in reversed(range(weeks)):
        past = Week(week.monday - timedelta(weeks=back))
        with clock.frozen(ready_at(past)):
            assert publish_week(f"shop_{mall_id}", past, clock.now())


HAPPENINGS: dict[str, Callable[..., None]] = {
    "edit_title": edit_title,
    "switch_off_elsewhere": switch_off_elsewhere,
    "pause_pro": pause_pro,
    "market_down": market_down,
    "run_is_claimed": run_is_claimed,
    "loses_ownership": loses_ownership,
    "request_moves_on": request_moves_on,
    **buyers.HAPPENINGS,
    **market_worker.HAPPENINGS,
    **orders.HAPPENINGS,
    **stockroom.HAPPENINGS,
    **stock_settings.HAPPENINGS,
    "stalls": outages.stalls,
    "goes_on": outages.goes_on,
    "agent_answers": desk.agent_answers,
    "agent_gives_back": desk.agent_gives_back,
    "agent_finishes": desk.agent_finishes,
    "remember_button": remember_button,
    "press_remembered": press_remembered,
    "pick_day": pick_day,
    "reports_are_made": reports_are_made,
    "notice_comes": notice_comes,
    "run_starts": run_starts,
}

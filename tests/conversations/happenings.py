"""What can happen outside the conversation while a dialogue goes on."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from backend.access.actor import member_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.db.engine import unit_of_work
from backend.kit.ids import new_id
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.shops.models import Member, ProState, Shop
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


HAPPENINGS: dict[str, Callable[..., None]] = {
    "edit_title": edit_title,
    "switch_off_elsewhere": switch_off_elsewhere,
    "pause_pro": pause_pro,
    "market_down": market_down,
    "run_is_claimed": run_is_claimed,
}

"""Which shops a round of the scheduler has anything to do for: read for all of them together, so that the rest cost nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponState
from backend.deals.models import DealProposal
from backend.deals.states import DealState
from backend.markets.hosting import HostingState, ImageHosting, paid_by_pro
from backend.operations import outages, planner, switches
from backend.operations.models import OffSwitch, open_key
from backend.operations.scope import units_in
from backend.operations.shop_facts import ShopFacts, facts_of_all
from backend.shops.models import Shop


@dataclass(frozen=True)
class Attention:
    """`passed`: time changed something; else there are only runs to plan."""

    shop_id: str
    passed: bool


def shops_to_attend(session: Session, now: datetime) -> list[Attention]:
    """By id. The round decides again under its own lock: a shop too many costs time, one too few comes next minute."""
    time_passed = set(_time_passed(session, now))
    taken = planner.open_keys(session)
    shops = session.scalars(select(Shop).order_by(Shop.id)).all()
    granted = set(session.scalars(select(ImageHosting.shop_id).where(ImageHosting.state == HostingState.GRANTED)))
    found = []
    for facts in facts_of_all(session, shops, now):
        shop = facts.shop
        ended = shop.id in time_passed or (shop.id in granted and not paid_by_pro(shop))
        if ended or _runs_under_an_off(facts, taken):
            found.append(Attention(shop.id, True))
        elif planner.unplanned(session, facts, taken):
            found.append(Attention(shop.id, False))
    return found


def _time_passed(session: Session, now: datetime) -> Iterator[str]:
    """Shops of which an OFF began, or an OFF, a coupon, a proposal or a market's silence ended."""
    yield from outages.shops_with_passed(session)
    begun = select(OffSwitch.shop_id).where(OffSwitch.lifted_at.is_(None), OffSwitch.begun_at.is_(None))
    yield from session.scalars(begun.where(OffSwitch.starts_at <= now))
    yield from session.scalars(select(OffSwitch.shop_id).where(OffSwitch.lifted_at.is_(None), OffSwitch.until <= now))
    going = (CouponState.LIVE, CouponState.ISSUE_STOPPED)
    yield from session.scalars(select(Coupon.shop_id).where(Coupon.state.in_(going), Coupon.ends_at <= now))
    open_ = DealProposal.state == DealState.PROPOSED
    yield from session.scalars(select(DealProposal.shop_id).where(open_, DealProposal.valid_until <= now))


def _runs_under_an_off(facts: ShopFacts, taken: set[str]) -> bool:
    """Of units that are switched off, by an undo that brought them back."""
    holding = [switch for switch in facts.switches if switches.holds(switch, facts.now)]
    if not holding:
        return False
    off = units_in(switches.covered_atoms(holding))
    return any(open_key(facts.shop.id, unit.operation, unit.market) in taken for unit in off)

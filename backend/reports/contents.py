"""Puts a week's report together, reading only."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.kit import clock
from backend.kit.weeks import Week
from backend.operations import switches, upcoming, views
from backend.reports.effect import effect_of
from backend.reports.runs import runs_of
from backend.reports.schemas import WeeklyContents
from backend.reports.spending import cost_of, credit_of
from backend.reports.waiting import waiting_for_merchant
from backend.shops.models import Shop
from backend.work_requests.service import requests_of
from backend.work_requests.states import OPEN_STATES


def contents_of(session: Session, shop: Shop, week: Week, now: datetime) -> WeeklyContents:
    """Figures of the week up to now; what is OFF, waits or comes is as of now, and the week to come is the next one."""
    today = clock.seoul(now).date()
    counted_to = max(week.monday, min(week.sunday, today - timedelta(days=1)))
    following = week.next
    return WeeklyContents(
        as_of=now, counted_to=counted_to,
        runs=runs_of(session, shop.id, week),
        effect=effect_of(session, shop.id, week, min(week.sunday, today - timedelta(days=1))),
        cost=cost_of(session, shop.id, week, today),
        credit=credit_of(session, shop.id, week),
        off=[views.switch_out(switch) for switch in switches.standing(session, shop.id, now)],
        waiting=waiting_for_merchant(session, shop, now),
        requests_open=sum(request.state in OPEN_STATES for request in requests_of(session, shop.id)),
        next_days=(following.monday, following.sunday),
        next_week=upcoming.upcoming(session, shop, now, since=following.monday, until=following.sunday),
    )  # fmt: skip

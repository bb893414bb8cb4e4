"""Monday 09:00 in Seoul: last week's report is stored, once, and told in the conversation (source: 000, once a week)."""

import json
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.conversations.notices import deliver
from backend.db.again import again_if_lost
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.kit import clock
from backend.kit.ids import new_id
from backend.kit.weeks import Week, last_complete
from backend.kit.wording import wording
from backend.operations.schedule import at_hour
from backend.reports.contents import contents_of
from backend.reports.links import NOTICE_FOR, links_of
from backend.reports.models import WeeklyReport
from backend.reports.schemas import WeeklyContents
from backend.reports.service import began, stored_report
from backend.shops.models import ProState, Shop

log = logging.getLogger(__name__)
HOUR = 9
Step = Callable[[str], None]


def _no_step(name: str) -> None:
    """Tests stop a worker here: counted, stored."""


def ready_at(week: Week) -> datetime:
    return at_hour(week.next.monday, HOUR)


def publish_due(at: Step = _no_step) -> list[str]:
    """Ids of the reports made now. Called every minute: what a dead worker left out is made up for all week long.

    Report and notices are one transaction, and a shop has one report a week: two workers, or one that is killed
    and comes back, never leave two, nor a report that nobody was told of.
    """
    now = clock.now()
    week = last_complete(clock.today())
    if now < ready_at(week):
        return []
    made = []
    for shop_id in _without(week):
        try:
            report_id = publish_week(shop_id, week, now, at)
        except Exception:
            log.exception("the weekly report of shop %s was not made", shop_id)
            continue
        made += [report_id] if report_id else []
    return made


def _without(week: Week) -> list[str]:
    """Shops that use PRO since that week at the latest, and have no report of it."""
    has = select(WeeklyReport.shop_id).where(WeeklyReport.monday == week.monday)
    query = select(Shop).where(Shop.pro_state.in_((ProState.ACTIVE, ProState.PAUSED)), Shop.id.not_in(has))
    with unit_of_work(write=False) as session:
        return [shop.id for shop in session.scalars(query.order_by(Shop.id)) if began(shop) <= week]


def publish_week(shop_id: str, week: Week, now: datetime, at: Step = _no_step) -> str | None:
    """The id of the report; None when the shop has one of that week already."""
    with unit_of_work(write=False) as session:  # counting takes its time: not while others wait to write
        contents = contents_of(session, session.get_one(Shop, shop_id), week, now)
    at("counted")
    return _published(shop_id, week, contents, now, at)


@again_if_lost
def _published(shop_id: str, week: Week, contents: WeeklyContents, now: datetime, at: Step) -> str | None:
    with unit_of_work() as session:
        take_turn(session, [shop_id])
        report = _store(session, shop_id, week, contents, now)
        if report is None:
            return None
        _tell(session, shop_id, week, contents)
        at("stored")
        return report.id


def _store(session: Session, shop_id: str, week: Week, contents: WeeklyContents, now: datetime) -> WeeklyReport | None:
    if stored_report(session, shop_id, week) is not None:
        return None
    report = WeeklyReport(
        id=new_id("rep"), shop_id=shop_id, monday=week.monday, contents=contents.model_dump(mode="json"), made_at=now
    )
    try:
        with session.begin_nested():
            session.add(report)
    except IntegrityError:  # another worker made it at the same moment
        return None
    return report


def _tell(session: Session, shop_id: str, week: Week, contents: WeeklyContents) -> None:
    say, links = wording().say, links_of(shop_id, week, NOTICE_FOR)
    text = say("weekly.notice", week=week, contents=contents)
    asked = json.dumps({"week": week.monday.isoformat()}, separators=(",", ":"))
    buttons = [
        {"title": say("button.report_page"), "href": links.page, "new_tab": True},
        {"title": say("button.report_pdf"), "href": links.pdf, "new_tab": True},
        {"title": say("button.report_summary"), "payload": f"/ops_weekly_report{asked}"},
    ]
    deliver(session, shop_id, [{"type": "text", "text": text}, {"type": "buttons", "buttons": buttons}], text)

"""Reading weekly reports: the stored snapshot of a week that is over, a live count of the one that runs."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.kit import clock
from backend.kit.weeks import Week, last_complete, week_of
from backend.reports.contents import contents_of
from backend.reports.links import CLICKED_FOR, links_of
from backend.reports.models import WeeklyReport
from backend.reports.schemas import (
    ReportState,
    WeeklyContents,
    WeeklyReportOut,
    WeeklyReportPage,
    WeeklyReportRow,
)
from backend.shops.models import Shop


def report_of(session: Session, shop: Shop, week: Week) -> WeeklyReportOut:
    """Raises NotFound `report_not_yet` for a week to come, `report_missing` for one nothing was kept of.

    A week that just ended is counted live until its snapshot is made; nothing is ever stored by reading.
    """
    stored = stored_report(session, shop.id, week)
    if stored is not None:
        contents = WeeklyContents.model_validate(stored.contents)
        return _out(session, shop, week, ReportState.FINAL, contents, stored)
    today = clock.today()
    if week > week_of(today):
        raise NotFound("this week is still to come", code="report_not_yet", monday=week.monday.isoformat())
    if week < last_complete(today) or began(shop) > week:
        raise NotFound("no report was kept", code="report_missing", monday=week.monday.isoformat())
    state = ReportState.IN_PROGRESS if week == week_of(today) else ReportState.PROVISIONAL
    return _out(session, shop, week, state, contents_of(session, shop, week, clock.now()), None)


def stored_report(session: Session, shop_id: str, week: Week) -> WeeklyReport | None:
    query = select(WeeklyReport).where(WeeklyReport.shop_id == shop_id, WeeklyReport.monday == week.monday)
    return session.scalars(query).one_or_none()


def began(shop: Shop) -> Week:
    """The first week of which there is something to tell."""
    return week_of(shop.pro_since or clock.seoul(shop.created_at).date())


def reports_of(session: Session, shop_id: str, limit: int, offset: int) -> WeeklyReportPage:
    mine = WeeklyReport.shop_id == shop_id
    query = select(WeeklyReport).where(mine).order_by(WeeklyReport.monday.desc()).limit(limit).offset(offset)
    total = session.scalar(select(func.count()).select_from(WeeklyReport).where(mine)) or 0
    return WeeklyReportPage(
        items=[_row(report) for report in session.scalars(query)], total=total, limit=limit, offset=offset
    )


def _row(report: WeeklyReport) -> WeeklyReportRow:
    contents = WeeklyContents.model_validate(report.contents)
    return WeeklyReportRow(
        monday=report.monday, sunday=Week(report.monday).sunday, made_at=report.made_at,
        done=contents.runs.done, failed=contents.runs.failed, promotion_cost=contents.cost.amount,
    )  # fmt: skip


def _out(
    session: Session, shop: Shop, week: Week, state: ReportState, contents: WeeklyContents, stored: WeeklyReport | None
) -> WeeklyReportOut:
    earlier = select(func.max(WeeklyReport.monday)).where(
        WeeklyReport.shop_id == shop.id, WeeklyReport.monday < week.monday
    )
    return WeeklyReportOut(
        monday=week.monday, sunday=week.sunday, state=state, made_at=stored.made_at if stored else None,
        previous=session.scalar(earlier), links=links_of(shop.id, week, CLICKED_FOR), contents=contents,
    )  # fmt: skip

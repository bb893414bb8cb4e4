"""GET weekly reports: the list of stored ones, one week as JSON, as a page, as a PDF."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.documents.pdf import pdf_of
from backend.errors import InvalidInput
from backend.kit.weeks import Week
from backend.openapi import problems
from backend.reports.page import HEADERS, page_of
from backend.reports.pdf import headers_of
from backend.reports.schemas import WeeklyReportOut, WeeklyReportPage
from backend.reports.service import report_of, reports_of
from backend.shops.models import Shop

router = APIRouter(prefix="/reports", tags=["reports"], route_class=InOneStep)
Monday = Annotated[date, Path(description="the week's Monday, Asia/Seoul", ge=date(2000, 1, 3), le=date(2100, 12, 27))]


class PdfResponse(Response):
    media_type = "application/pdf"


def _read(actor: Actor, session: Session, monday: date) -> tuple[Shop, WeeklyReportOut]:
    actor.require(Permission.SHOP_READ)
    try:
        week = Week(monday)
    except ValueError as error:
        told = {"field": "path.monday", "problem": "not_a_monday", "message": str(error)}
        raise InvalidInput(str(error), code="not_a_monday", fields=[told]) from error
    shop = session.get_one(Shop, actor.shop_id)
    return shop, report_of(session, shop, week)


@router.get("/weekly")
def list_weekly_reports(
    actor: MemberActor, session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> WeeklyReportPage:  # fmt: skip
    """Stored ones, newest first; the week that runs is read by its own Monday."""
    actor.require(Permission.SHOP_READ)
    return reports_of(session, actor.shop_id, limit, offset)


@router.get("/weekly/{monday}")
def read_weekly_report(monday: Monday, actor: MemberActor, session: ReadSession) -> WeeklyReportOut:
    """404 `report_not_yet` or `report_missing`; `links` open the same report in a browser tab."""
    return _read(actor, session, monday)[1]


@router.get("/weekly/{monday}/page", response_class=HTMLResponse)
def read_weekly_page(monday: Monday, actor: MemberActor, session: ReadSession) -> HTMLResponse:
    return HTMLResponse(page_of(*_read(actor, session, monday)), headers=HEADERS)


@router.get("/weekly/{monday}/pdf", response_class=PdfResponse, responses=problems(503))
def read_weekly_pdf(monday: Monday, actor: MemberActor, session: ReadSession) -> PdfResponse:
    """503 `pdf_unavailable` names the packages the server lacks, `pdf_busy` asks to come again."""
    shop, report = _read(actor, session, monday)
    return PdfResponse(pdf_of(page_of(shop, report)), headers=headers_of(Week(report.monday)))

"""A report opened in a browser tab by a signed link from the conversation; every refusal is a page a person can read."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from backend.db.dependencies import ReadSession
from backend.documents.pdf import pdf_of
from backend.errors import NotFound
from backend.kit.weeks import Week
from backend.reports.links import opened_by
from backend.reports.page import HEADERS, page_of
from backend.reports.pdf import headers_of
from backend.reports.schemas import WeeklyReportOut
from backend.reports.service import report_of
from backend.shops.models import Shop
from backend.web.pages import LinkedPageRoute


class ReportRoute(LinkedPageRoute):
    title = "link_refused.report"


router = APIRouter(prefix="/reports", include_in_schema=False, route_class=ReportRoute)


def _opened(session: Session, token: str) -> tuple[Shop, WeeklyReportOut]:
    shop_id, week = opened_by(token)
    shop = session.get(Shop, shop_id)
    if shop is None:
        raise NotFound("no such link", code="report_link_unknown")
    return shop, report_of(session, shop, week)


@router.get("/{token}")
def open_page(token: str, session: ReadSession) -> Response:
    shop, report = _opened(session, token)
    return HTMLResponse(page_of(shop, report, pdf=f"/reports/{token}/pdf"), headers=HEADERS)


@router.get("/{token}/pdf")
def open_pdf(token: str, session: ReadSession) -> Response:
    shop, report = _opened(session, token)
    return Response(
        pdf_of(page_of(shop, report)), media_type="application/pdf", headers=headers_of(Week(report.monday))
    )

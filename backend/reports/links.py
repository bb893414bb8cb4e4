"""Links that open one report in a browser tab, which brings no token along: signed, for one shop and week, and short-lived.

A link from an answer lives half an hour, the one in the Monday notice until the next notice. Whoever has it can read
that one report and nothing else; the page is never cached, indexed or named to other sites (see `opened.py`).
"""

from datetime import date, timedelta

from backend.access import tokens
from backend.errors import NotFound
from backend.kit import clock
from backend.kit.weeks import Week
from backend.reports.schemas import ReportLinks

CLICKED_FOR = timedelta(minutes=30)
NOTICE_FOR = timedelta(days=7)


def links_of(shop_id: str, week: Week, lifetime: timedelta) -> ReportLinks:
    """Paths on this server: the widget knows under which address it reaches us."""
    page = f"/reports/{tokens.issue('report', shop_id, lifetime, week=week.monday.isoformat())}"
    return ReportLinks(page=page, pdf=f"{page}/pdf", valid_until=clock.now() + lifetime)


def opened_by(token: str) -> tuple[str, Week]:
    """The shop's id and the week; raises Unauthenticated `report_link_expired`, NotFound `report_link_unknown`."""
    claims = tokens.read_link("report", token, expired="report_link_expired", unknown="report_link_unknown")
    try:
        return str(claims["sub"]), Week(date.fromisoformat(str(claims["week"])))
    except (KeyError, ValueError) as error:
        raise NotFound("no such link", code="report_link_unknown") from error

"""The report as one self-contained HTML document: the same template is read on a screen, printed, and made a PDF."""

from backend.reports.schemas import WeeklyReportOut
from backend.shops.models import Shop
from backend.web.pages import environment

#: nothing is loaded from anywhere, nothing runs, and no other site may frame the page or learn its address
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def page_of(shop: Shop, report: WeeklyReportOut, *, pdf: str | None = None) -> str:
    """`pdf` is the address of the same report as a PDF, when the page shall offer it."""
    return environment().get_template("reports/weekly.html").render(
        shop=shop.name, report=report, told=report.contents, pdf=pdf
    )  # fmt: skip

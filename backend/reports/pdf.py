"""How the week's report as a PDF is named and kept from caches."""

from backend.kit.weeks import Week


def headers_of(week: Week) -> dict[str, str]:
    return {
        "Content-Disposition": f'inline; filename="opstalk-weekly-{week.monday.isoformat()}.pdf"',
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow",
    }  # fmt: skip

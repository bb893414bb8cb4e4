"""Answers with a page of the mall: the whole page for a browser, its changing part for htmx."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from backend.kit.wording import wording
from backend.web.demo.visits import MALL_COOKIE, Visit
from backend.web.pages import is_fragment, render

COOKIE_DAYS = 30 * 86_400


def show(request: Request, seen: Visit, page: str, **context: Any) -> Response:
    answer = render(request, f"demo/{page}.html", visit=seen, page=page, **context)
    answer.set_cookie(MALL_COOKIE, seen.shop.mall_id, max_age=COOKIE_DAYS, path="/demo", httponly=True, samesite="lax")
    return answer


def done(request: Request, seen: Visit, page: str, sentence: str, /, **said: Any) -> Response:
    """After a form: htmx gets the sentence and looks at the page again; a browser without scripts goes back to it."""
    if is_fragment(request):
        answer = render(request, "notice.html", text=wording().say(f"page_done.{sentence}", **said), tone="ok")
        answer.headers["HX-Trigger"] = "refresh"
        return answer
    return RedirectResponse(f"{seen.root}/{page}", 303)

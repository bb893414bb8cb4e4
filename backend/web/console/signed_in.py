"""The signed-in staff person of a page; whoever is not signed in is led to the login page."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from backend.access import tokens
from backend.access.dependencies import STAFF_COOKIE
from backend.db.dependencies import ReadSession
from backend.desk.models import Staff
from backend.errors import Unauthenticated
from backend.settings import get_settings
from backend.web.pages import is_fragment

LOGIN = "/console/login"


def _staff(request: Request, session: ReadSession) -> Staff:
    """Only the cookie counts: a page is looked at by a browser."""
    staff = session.get(Staff, tokens.read("staff", request.cookies.get(STAFF_COOKIE, ""))["sub"])
    if staff is None:
        raise Unauthenticated("this person is gone")
    return staff


SignedIn = Annotated[Staff, Depends(_staff)]


def to_login(request: Request) -> Response:
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": LOGIN})
    return RedirectResponse(LOGIN, 303)


def keep_signed_in(answer: Response, token: str) -> Response:
    """A cookie that scripts cannot read and other sites cannot send."""
    answer.set_cookie(
        STAFF_COOKIE, token, max_age=int(tokens.SESSION_FOR.total_seconds()), httponly=True, samesite="strict",
        secure=get_settings().base_url.startswith("https://"),
    )  # fmt: skip
    return answer

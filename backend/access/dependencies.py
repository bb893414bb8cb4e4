"""Who is calling, as FastAPI dependencies.

`MemberActor` takes a session token (the widget) or a turn token (an action, on behalf of the conversation).
`CurrentStaff` takes a staff token, from the Authorization header or else the console's cookie.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from backend.access import tokens
from backend.access.actor import Actor, member_actor
from backend.access.origins import is_ours
from backend.db.dependencies import ReadSession
from backend.desk.models import Staff
from backend.errors import Forbidden, NotFound, Unauthenticated
from backend.shops.models import Member

STAFF_COOKIE = "opstalk_staff"
READING = frozenset({"GET", "HEAD", "OPTIONS"})

_person = HTTPBearer(auto_error=False, scheme_name="session or turn token", bearerFormat="JWT")
_session = HTTPBearer(auto_error=False, scheme_name="session token", bearerFormat="JWT")
_staff_header = HTTPBearer(auto_error=False, scheme_name="staff token", bearerFormat="JWT")
_staff_cookie = APIKeyCookie(auto_error=False, scheme_name="staff cookie", name=STAFF_COOKIE)
Given = HTTPAuthorizationCredentials | None


def _text(given: Given) -> str:
    if given is None or not given.credentials.strip():
        raise Unauthenticated("a bearer token is needed")
    return given.credentials.strip()


def session_token(given: Annotated[Given, Security(_session)]) -> str:
    """The chat's own token, not yet read: a turn of the bot must not write into the thread as its person."""
    return _text(given)


def _member(given: Annotated[Given, Security(_person)], session: ReadSession) -> Actor:
    token = _text(given)
    try:
        claims = tokens.read("session", token)
    except Unauthenticated as refused:
        if refused.error_code == "token_expired":
            raise
        claims = tokens.read("turn", token)
    member = session.get(Member, claims["sub"])
    if member is None or member.left_at is not None:
        raise Unauthenticated("this person is gone")
    return member_actor(member, claims.get("conversation"))


def _staff(
    request: Request, session: ReadSession,
    header: Annotated[Given, Security(_staff_header)], cookie: Annotated[str | None, Security(_staff_cookie)],
) -> Staff:  # fmt: skip
    """A cookie travels by itself: what it may write must not be asked for by a page of another origin."""
    if header is None and cookie and request.method not in READING and not is_ours(request):
        raise Forbidden("this was not sent by our own page", code="cross_site")
    token = cookie if header is None and cookie else _text(header)
    staff = session.get(Staff, tokens.read("staff", token)["sub"])
    if staff is None:
        raise Unauthenticated("this person is gone")
    return staff


MemberActor = Annotated[Actor, Depends(_member)]
CurrentStaff = Annotated[Staff, Depends(_staff)]


def owned[T](row: T | None, actor: Actor) -> T:
    """The row itself when it belongs to the actor's shop; NotFound otherwise, as if it did not exist."""
    if row is None or getattr(row, "shop_id", None) != actor.shop_id:
        raise NotFound("no such thing in this shop")
    return row

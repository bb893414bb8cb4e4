"""Who is calling, as FastAPI dependencies.

`MemberActor` takes a session token (the widget) or a turn token (an action, on behalf of the conversation).
`CurrentStaff` takes a staff token, from the Authorization header or else the console's cookie.
"""

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import Actor, ActorKind
from backend.access.origins import is_ours
from backend.access.permissions import ROLE_PERMISSIONS
from backend.db.dependencies import ReadSession
from backend.desk.models import Staff
from backend.errors import Forbidden, NotFound, Unauthenticated
from backend.shops.models import Member

STAFF_COOKIE = "opstalk_staff"
READING = frozenset({"GET", "HEAD", "OPTIONS"})

bearer = HTTPBearer(auto_error=False, scheme_name="session or turn token", bearerFormat="JWT")
_session = HTTPBearer(auto_error=False, scheme_name="session token", bearerFormat="JWT")
_staff_header = HTTPBearer(auto_error=False, scheme_name="staff token", bearerFormat="JWT")
_staff_cookie = APIKeyCookie(auto_error=False, scheme_name="staff cookie", name=STAFF_COOKIE)
_PERSON = select(Member.id, Member.name, Member.shop_id, Member.role).where(
    Member.id == bindparam("id"), Member.left_at.is_(None)
)
Given = HTTPAuthorizationCredentials | None


def _text(given: Given) -> str:
    if given is None or not given.credentials.strip():
        raise Unauthenticated("a bearer token is needed")
    return given.credentials.strip()


async def session_token(given: Annotated[Given, Security(_session)]) -> str:
    """The chat's own token, not yet read: a turn of the bot must not write into the thread as its person."""
    return _text(given)


async def bearer_claims(given: Annotated[Given, Security(bearer)]) -> dict[str, Any]:
    """What the caller's token says; whether that person is there still, `acting` asks."""
    return tokens.read_either(("session", "turn"), _text(given))


def acting(session: Session, claims: dict[str, Any]) -> Actor:
    """The person as they are now: a role taken away counts at once."""
    row = session.connection().execute(_PERSON, {"id": claims["sub"]}).one_or_none()
    if row is None:
        raise Unauthenticated("this person is gone")
    return Actor(
        ActorKind.MEMBER, row.id, row.name, row.shop_id, ROLE_PERMISSIONS[row.role], claims.get("conversation")
    )


def _member(claims: Annotated[dict[str, Any], Depends(bearer_claims)], session: ReadSession) -> Actor:
    return acting(session, claims)


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

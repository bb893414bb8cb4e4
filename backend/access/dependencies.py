"""Who is calling, as FastAPI dependencies.

`MemberActor` takes a session token (the widget) or a turn token (an action, on behalf of the conversation).
`CurrentStaff` takes a staff token, from the console's cookie or the Authorization header.
"""

from typing import Annotated

from fastapi import Depends, Request

from backend.access import tokens
from backend.access.actor import Actor, member_actor
from backend.db.dependencies import ReadSession
from backend.desk.models import Staff
from backend.errors import NotFound, Unauthenticated
from backend.shops.models import Member

STAFF_COOKIE = "opstalk_staff"


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("a bearer token is needed")
    return token.strip()


def _member(request: Request, session: ReadSession) -> Actor:
    token = bearer(request)
    try:
        claims = tokens.read("session", token)
    except Unauthenticated as refused:
        if refused.error_code == "token_expired":
            raise
        claims = tokens.read("turn", token)
    member = session.get(Member, claims["sub"])
    if member is None:
        raise Unauthenticated("this person is gone")
    return member_actor(member, claims["conversation"])


def _staff(request: Request, session: ReadSession) -> Staff:
    token = request.cookies.get(STAFF_COOKIE) or bearer(request)
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

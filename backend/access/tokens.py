"""The seven tokens of the product, each good for one audience only (JWT, HS256).

identity  the mall's admin page proves who its user is: signed with the shop's secret, at most 10 minutes
session   the widget's own: bound to one conversation, 12 hours
turn      one turn of the bot: lets an action act as the conversation's member for two minutes
staff     a signed-in agent or operations person, 12 hours
report    opens one report of one shop in a browser tab (backend/reports/links.py): half an hour, a week in a notice
stock_file  lets one member hand in a stock file on a page (backend/inventory/spreadsheet/page.py): half an hour
document  makes one document of one shop (backend/documents/links.py): half an hour
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import jwt

from backend.errors import NotFound, Unauthenticated
from backend.kit import clock
from backend.settings import get_settings

IDENTITY_MAX = timedelta(minutes=10)
SESSION_FOR = timedelta(hours=12)
TURN_FOR = timedelta(minutes=2)


def issue(audience: str, subject: str, lifetime: timedelta, **claims: Any) -> str:
    now = clock.now()
    body = {"aud": f"opstalk:{audience}", "sub": subject, "iat": now, "exp": now + lifetime, **claims}
    return jwt.encode(body, get_settings().secret(), algorithm="HS256")


def read(audience: str, token: str) -> dict[str, Any]:
    """The claims; raises Unauthenticated for a tampered, expired or misdirected token."""
    return read_either((audience,), token)


def read_either(audiences: Sequence[str], token: str) -> dict[str, Any]:
    """As `read`, for a token that may be of any of these kinds."""
    return _decode(token, get_settings().secret(), [f"opstalk:{audience}" for audience in audiences])


def read_link(audience: str, token: str, *, expired: str, unknown: str) -> dict[str, Any]:
    """The claims of a link somebody follows; raises Unauthenticated with the code `expired`, NotFound with `unknown`."""
    try:
        return read(audience, token)
    except Unauthenticated as refused:
        if refused.error_code == "token_expired":
            raise Unauthenticated("the link is too old", code=expired) from refused
        raise NotFound("no such link", code=unknown) from refused


def issue_identity(mall_id: str, member: str, secret: str, lifetime: timedelta = IDENTITY_MAX) -> str:
    """What a mall's admin page does on its own server; here for the demo mall and the tests."""
    now = clock.now()
    body = {"iss": mall_id, "sub": member, "aud": "opstalk:identity", "iat": now, "exp": now + lifetime}
    return jwt.encode(body, secret, algorithm="HS256")


def claimed_mall(token: str) -> str:
    """The unverified issuer, only to find the secret to verify with."""
    try:
        return str(jwt.decode(token, options={"verify_signature": False}).get("iss", ""))
    except jwt.PyJWTError as error:
        raise Unauthenticated("the identity token cannot be read") from error


def read_identity(token: str, secret: str) -> dict[str, Any]:
    claims = _decode(token, secret, ["opstalk:identity"])
    if float(claims["exp"]) - float(claims["iat"]) > IDENTITY_MAX.total_seconds():
        raise Unauthenticated("an identity token lives ten minutes at most", code="identity_too_long")
    return claims


def _decode(token: str, secret: str, audiences: Sequence[str]) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, secret, algorithms=["HS256"], audience=audiences,
            options={"require": ["exp", "iat", "sub"], "verify_exp": False, "verify_iat": False},
        )  # fmt: skip
        expires, issued = float(claims["exp"]), float(claims["iat"])
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise Unauthenticated("the token is not valid") from error
    # checked against our own clock, so that a test or a simulation can move it
    now: datetime = clock.now()
    if expires <= now.timestamp():
        raise Unauthenticated("the token has expired", code="token_expired")
    if issued > now.timestamp() + 60:
        raise Unauthenticated("the token is from the future")
    return claims

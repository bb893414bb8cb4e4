"""A staff person proves who they are and gets a staff token for twelve hours."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.desk.attempts import Attempts
from backend.desk.models import Staff
from backend.desk.passwords import fits
from backend.errors import Unauthenticated

attempts = Attempts(burst=5, refill_seconds=20)


def sign_in(session: Session, login: str, password: str) -> tuple[Staff, str]:
    """Raises Unauthenticated (`login_failed`) without telling which of the two was wrong, TooMany after five tries."""
    attempts.spend(login)
    staff = session.scalar(select(Staff).where(Staff.login == login))
    if not fits(password, staff.password_hash if staff else None) or staff is None:
        raise Unauthenticated("login or password is wrong", code="login_failed")
    attempts.forgive(login)
    return staff, tokens.issue("staff", staff.id, tokens.SESSION_FOR, role=staff.role.value)

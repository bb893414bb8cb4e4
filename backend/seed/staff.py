"""The demo's own people: an agent and an operations person, with passwords that are printed at every start."""

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from backend.desk.models import Staff, StaffRole

# login: (password, name, role)
LOGINS = {
    "agent": ("agent-demo", "상담원", StaffRole.AGENT),
    "ops": ("ops-demo", "PRO 운영팀", StaffRole.OPERATIONS),
}
GREETER = "greeter"  # a member who says hello at every start, to see that the product answers (backend/cli/greeting.py)
# cheap on purpose: these passwords are no secret, and planting the demo must not wait for them
_HASHER = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
# the operations person acts in the replayed weeks; the agent comes when all is planted, which tells a whole seed from half a one
LAST_HIRED = "stf_agent"


def is_planted(session: Session) -> bool:
    """Whether the demo shops stand, whole."""
    return session.get(Staff, LAST_HIRED) is not None


def hire(session: Session) -> None:
    _hire(session, "ops")


def hire_last(session: Session) -> None:
    _hire(session, "agent")


def _hire(session: Session, login: str) -> None:
    password, name, role = LOGINS[login]
    session.add(Staff(id=f"stf_{login}", login=login, name=name, role=role, password_hash=_HASHER.hash(password)))
    session.flush()

"""The demo's own people: an agent and an operations person, with passwords that are printed at every start."""

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from backend.desk.models import Staff, StaffRole

# login: (password, name, role)
LOGINS = {
    "agent": ("agent-demo", "상담원", StaffRole.AGENT),
    "ops": ("ops-demo", "PRO 운영팀", StaffRole.OPERATIONS),
}


def hire(session: Session) -> None:
    for login, (password, name, role) in LOGINS.items():
        session.add(Staff(id=f"stf_{login}", login=login, name=name, role=role, password_hash=PasswordHasher().hash(password)))
    session.flush()

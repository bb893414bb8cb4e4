"""The people on our side: support agents and operations staff."""

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class StaffRole(StrEnum):
    AGENT = "agent"  # 상담원: answers conversations
    OPERATIONS = "operations"  # PRO 운영팀: works through requests, may switch on behalf of a shop


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[str] = id_column()
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[StaffRole]
    password_hash: Mapped[str]  # argon2id

"""Work the merchant asked the operations team for, and all that was said about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.work_requests.states import RequestState


def _next_number(context: DefaultExecutionContext) -> int:
    """One more than the shop's highest, found out by the very INSERT, so that a preview need not promise a number."""
    shop_id = context.get_current_parameters()["shop_id"]
    highest = select(func.max(WorkRequest.number)).where(WorkRequest.shop_id == shop_id)
    return (context.connection.scalar(highest) or 0) + 1


class WorkRequest(Base):
    __tablename__ = "work_requests"
    __table_args__ = (UniqueConstraint("shop_id", "number"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    number: Mapped[int] = mapped_column(default=_next_number)  # counts from 1 in each shop; people say WR-12
    type: Mapped[str]  # key of the request catalogue
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[RequestState] = mapped_column(default=RequestState.SUBMITTED)
    state_reason: Mapped[str | None]
    requested_by: Mapped[str]  # name shown
    requested_by_id: Mapped[str]
    conversation_id: Mapped[str | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class WorkRequestComment(Base):
    __tablename__ = "work_request_comments"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("work_requests.id"), index=True)
    author: Mapped[str]
    author_kind: Mapped[str]  # member | agent | operations
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

"""One row for each field that ever changed: history, undo log and outbox in one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class AuditEvent(Base):
    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_target", "shop_id", "target_type", "target_id", "field"),
        Index("ix_audit_source", "source_type", "source_id"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]  # member | agent | operations | pro
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    on_behalf_of: Mapped[str | None]  # member a staff person acted for
    action: Mapped[str]  # ops.off, run.main_display, …
    source_type: Mapped[str]  # plan | run | direct
    source_id: Mapped[str]
    seq: Mapped[int]  # order within the source
    op: Mapped[str]  # set | create
    target_type: Mapped[str]
    target_id: Mapped[str]
    target_label: Mapped[str]
    field: Mapped[str]  # "*" for a creation
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    reason: Mapped[str | None]
    conversation_id: Mapped[str | None]
    undone_by: Mapped[str | None]  # plan that put it back
    published_at: Mapped[datetime | None]

"""A previewed change that waits for one confirmation."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.plans.states import PlanState

__all__ = ["Plan", "PlanState"]


class Plan(Base):
    __tablename__ = "plans"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    kind: Mapped[str]  # ops.off
    params: Mapped[dict[str, Any]]
    state: Mapped[PlanState] = mapped_column(default=PlanState.PREVIEWED)
    changes: Mapped[list[Any]]  # what will be written, see backend.changes.change.Change
    effects: Mapped[list[Any]]  # what a person should know: [{"code", "data"}]
    undoable: Mapped[bool]
    digest: Mapped[str]  # of changes and effects; the same digest at execution or it is stale
    created_by: Mapped[str]
    created_by_kind: Mapped[str]
    conversation_id: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    executed_at: Mapped[datetime | None]
    executed_by: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    replaced_by: Mapped[str | None]
    undo_of: Mapped[str | None]  # source id this plan puts back

    def state_at(self, now: datetime) -> PlanState:
        """The stored state, but for a preview whose time has passed."""
        waits = self.state is PlanState.PREVIEWED
        return PlanState.EXPIRED if waits and now >= self.expires_at else self.state

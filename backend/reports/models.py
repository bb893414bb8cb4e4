"""The weekly operations report as it was when its week was over (source: 000, "운영 리포트 제공 (주 1 회)")."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class WeeklyReport(Base):
    """Written once and never again: what a merchant read on Monday stands there a year later."""

    __tablename__ = "weekly_reports"
    __table_args__ = (UniqueConstraint("shop_id", "monday"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    monday: Mapped[date]  # first day of the week, Asia/Seoul
    contents: Mapped[dict[str, Any]] = mapped_column(default=dict)  # WeeklyContents as JSON
    made_at: Mapped[datetime]

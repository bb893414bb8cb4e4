"""A shop, the people who run it, and the settings PRO needs before it can work (source: 000)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class ProState(StrEnum):
    ACTIVE = "active"  # PRO diagnoses and runs
    PAUSED = "paused"  # the shop or the service stopped everything for a while
    ENDED = "ended"  # the contract is over
    NONE = "none"  # never applied


class Shop(Base):
    __tablename__ = "shops"

    id: Mapped[str] = id_column()
    mall_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    identity_secret: Mapped[str]  # signs the widget's identity tokens (HS256)
    pro_state: Mapped[ProState] = mapped_column(default=ProState.ACTIVE)
    pro_since: Mapped[date | None]
    pro_paused_reason: Mapped[str | None]
    market_service: Mapped[bool] = mapped_column(default=True)  # the optional market part of PRO
    monthly_run_quota: Mapped[int] = mapped_column(default=60)  # runs a month over all operations
    # required settings; each is checked against these fields, never against a tick box
    pro_app_installed_at: Mapped[datetime | None]
    marketplus_linked_at: Mapped[datetime | None]
    sender_number: Mapped[str | None]
    sender_number_verified_at: Mapped[datetime | None]
    alimtalk_profile: Mapped[str | None]
    mail_sender: Mapped[str | None]
    brand_name: Mapped[str | None]
    brand_intro: Mapped[str | None]
    # what the merchant promises on delivery and exchange, in the merchant's own words: {"배송비": "3,000원"}
    delivery_terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    @property
    def shop_id(self) -> str:
        """A shop belongs to itself: it is guarded and changed like everything else of the shop."""
        return self.id


class Role(StrEnum):
    OWNER = "owner"  # 대표운영자
    SUB_OPERATOR = "sub_operator"  # 부운영자


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("shop_id", "external_id"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    external_id: Mapped[str]  # the mall's own id of this person, `sub` of the identity token
    name: Mapped[str]
    role: Mapped[Role]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    left_at: Mapped[datetime | None]  # taken out of the mall: comes in no more

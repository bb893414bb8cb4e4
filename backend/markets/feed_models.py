"""How far each market's orders were read, the rounds that read them, and what is still to be told to a market."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.markets.codes import Market


class MarketFeed(Base):
    """One market's order feed: everything before `cursor` was taken in."""

    __tablename__ = "market_feeds"
    __table_args__ = (UniqueConstraint("shop_id", "market"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    market: Mapped[Market]
    cursor: Mapped[str | None]
    collected_at: Mapped[datetime | None]  # the last round that came through
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str | None]
    retry_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CollectionState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # no market answered


class Collection(Base):
    """One round of collecting orders, by the clock or on request."""

    __tablename__ = "collections"
    __table_args__ = (Index("ix_collections_shop_created", "shop_id", "created_at"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    state: Mapped[CollectionState] = mapped_column(default=CollectionState.QUEUED)
    markets: Mapped[list[str]]
    # {"smartstore": {"new": 3, "changed": 1, "excluded": 0, "duplicate": 0, "unmatched": 1, "error": null}}
    results: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by: Mapped[str | None]  # None: by the clock
    conversation_id: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CommandKind(StrEnum):
    STOCK = "stock"  # how many of a listing may be sold
    INVOICE = "invoice"  # courier and tracking number of an order line
    STATUS = "status"  # 상품준비중 and the like
    CLAIM = "claim"  # an answer to a claim
    LISTING = "listing"  # a product put on sale there, or its sale ended
    ANSWER = "answer"  # to a buyer's question


class CommandState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # refused by the market: a person has to look
    REPLACED = "replaced"  # a newer one says the same thing better


class MarketCommand(Base):
    """Something a market must be told: written with the change that causes it, sent afterwards until it arrives."""

    __tablename__ = "market_commands"
    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        Index("ix_market_commands_state_due", "state", "not_before"),
        Index("ix_market_commands_subject", "shop_id", "market", "kind", "subject_id"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    market: Mapped[Market]
    kind: Mapped[CommandKind]
    subject_id: Mapped[str]  # the listing, line, shipment, claim or inquiry it is about
    payload: Mapped[dict[str, Any]]
    key: Mapped[str]  # the same key is told once
    state: Mapped[CommandState] = mapped_column(default=CommandState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

"""What PRO ran for a shop, and what the shop switched off (source: 000)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from backend.db.base import Base, id_column
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.states import OPEN, RunState


class Run(Base):
    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_shop_time", "shop_id", "scheduled_for"),
        Index("ix_runs_state_time", "state", "scheduled_for"),
        Index("ix_runs_shop_finished", "shop_id", "finished_at"),  # the month's quota, whatever the years before
        # one open run per shop, operation and market: two schedulers cannot both make one
        Index("uq_runs_open", "open_key", unique=True),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    operation: Mapped[str]  # key of the catalogue
    market: Mapped[Market | None]  # None: the operation is not bound to a market
    state: Mapped[RunState] = mapped_column(default=RunState.SCHEDULED)
    trigger: Mapped[str]  # schedule | request | retry
    scheduled_for: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    findings: Mapped[list[Any]] = mapped_column(default=list)  # [{"code", "target", "evidence": {...}}]
    planned: Mapped[list[Any]] = mapped_column(default=list)  # changes announced, as JSON
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"code", **numbers} that made it act
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"changed": 12, ...}
    reason: Mapped[str | None]  # code why failed or dropped
    first_scheduled_for: Mapped[datetime | None]  # where a person moved it from first; None: never moved
    moved: Mapped[int] = mapped_column(default=0, server_default="0")  # how often a person moved it
    open_key: Mapped[str | None]  # shop:operation:market while the run is open, None once it ended
    version: Mapped[int] = mapped_column(default=1)


@event.listens_for(Run, "before_insert")
@event.listens_for(Run, "before_update")
def _hold_the_place_while_open(_: Mapper[Run], __: Connection, run: Run) -> None:
    """`open_key` and whether it has an end follow from the state, whoever writes it: an OFF, its undo and a seed
    as well as the scheduler."""
    is_open = (run.state or RunState.SCHEDULED) in OPEN
    run.open_key = open_key(run.shop_id, run.operation, run.market) if is_open else None
    run.finished_at = None if is_open else run.finished_at or clock.now()


def open_key(shop_id: str, operation: str, market: Market | None) -> str:
    return f"{shop_id}:{operation}:{market.value if market else '-'}"


class MarketOutage(Base):
    """A market that does not answer a shop, from the first run given up because of it until it answers again.

    The merchant is told once at its beginning and once at its end, however many operations it stops meanwhile.
    """

    __tablename__ = "market_outages"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    market: Mapped[Market]
    operations: Mapped[list[str]] = mapped_column(default=list)  # keys of those it stops
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    open_key: Mapped[str | None] = mapped_column(unique=True)  # shop:market while it lasts: two workers tell it once


class OffSwitch(Base):
    """One OFF the merchant asked for; lifted by hand or by itself when `until` has passed.

    `operation`, `area` and `market` narrow it; all None means every operation of the shop, those to come included.
    `excluded` leaves parts of it running: [{"operation", "area", "market"}], each as narrow or wide as an OFF itself.
    """

    __tablename__ = "off_switches"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    operation: Mapped[str | None]
    area: Mapped[str | None]  # product | content | promotion_crm | cs | market
    market: Mapped[Market | None]
    excluded: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    starts_at: Mapped[datetime | None]  # first instant at which it holds; None: from when it was set
    begun_at: Mapped[datetime | None]  # when a later start was carried out; see passing_time
    until: Mapped[datetime | None]  # first instant at which it no longer holds; None: for good
    reason: Mapped[str | None]
    set_by: Mapped[str]  # name shown to the merchant
    set_by_id: Mapped[str]
    set_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

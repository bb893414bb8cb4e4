"""Reading what PRO did: runs, what each wrote, and everything that touched one product."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.deals.models import DealProposal
from backend.inquiries.models import Inquiry
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.operations.models import Run
from backend.operations.periods import ends_after
from backend.operations.schedule import at_hour
from backend.operations.states import WAITING, RunState


@dataclass(frozen=True)
class RunFilter:
    """`since` and `until` are inclusive Seoul days; `state` scheduled takes the announced ones too."""

    operation: str | None = None
    market: Market | None = None
    state: RunState | None = None
    since: date | None = None
    until: date | None = None
    product_id: str | None = None


# when a run counts: when it ended, else when it is meant to start
_AT = func.coalesce(Run.finished_at, Run.scheduled_for)


def _where(shop_id: str, wanted: RunFilter) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = [Run.shop_id == shop_id]
    if wanted.operation:
        terms.append(Run.operation == wanted.operation)
    if wanted.market is Market.MALL:  # an operation without a market works on the own mall
        terms.append(or_(Run.market == Market.MALL, Run.market.is_(None)))
    elif wanted.market:
        terms.append(Run.market == wanted.market)
    if wanted.state:
        terms.append(Run.state.in_(WAITING if wanted.state is RunState.SCHEDULED else (wanted.state,)))
    if wanted.since:
        terms.append(at_hour(wanted.since, 0) <= _AT)
    if wanted.until:
        terms.append(ends_after(wanted.until) > _AT)
    if wanted.product_id:
        touched = select(AuditEvent.source_id).where(AuditEvent.shop_id == shop_id, touches(shop_id, wanted.product_id))
        terms.append(Run.id.in_(touched))
    return terms


def find_runs(session: Session, shop_id: str, wanted: RunFilter, limit: int, offset: int) -> tuple[list[Run], int]:
    """What runs and what ran, newest first; then what is to come, soonest first; what was dropped last. With the total."""
    terms = _where(shop_id, wanted)
    to_come = Run.state.in_(WAITING)
    rank = case((Run.state == RunState.RUNNING, 0), (to_come, 2), (Run.state == RunState.DROPPED, 3), else_=1)
    query = (
        select(Run)
        .where(*terms)
        .order_by(rank, case((to_come, None), else_=_AT).desc(), Run.scheduled_for, Run.id)
        .limit(limit)
        .offset(offset)
    )
    total = session.scalar(select(func.count()).select_from(Run).where(*terms)) or 0
    return list(session.scalars(query)), total


def latest_run(session: Session, shop_id: str, wanted: RunFilter) -> Run | None:
    """The newest that had its turn; without one, the newest of any state but waiting."""
    if wanted.state:
        return next(iter(find_runs(session, shop_id, wanted, 1, 0)[0]), None)
    query = select(Run).where(*_where(shop_id, wanted), Run.state.not_in(WAITING))
    acted = case((Run.state.in_((RunState.DONE, RunState.REVERTED)), 0), else_=1)
    return session.scalars(query.order_by(acted, _AT.desc(), Run.id.desc()).limit(1)).first()


def events_of_runs(session: Session, shop_id: str, run_ids: Sequence[str]) -> dict[str, list[AuditEvent]]:
    """What each run wrote, in order."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.shop_id == shop_id, AuditEvent.source_type == "run", AuditEvent.source_id.in_(run_ids))
        .order_by(AuditEvent.seq)
    )
    found: dict[str, list[AuditEvent]] = {run_id: [] for run_id in run_ids}
    for event in session.scalars(query):
        found[event.source_id].append(event)
    return found


def counted(session: Session, shop_id: str, run_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Fields written and fields put back since, by run."""
    rows = session.execute(
        select(AuditEvent.source_id, func.count(), func.count(AuditEvent.undone_by))
        .where(AuditEvent.shop_id == shop_id, AuditEvent.source_type == "run", AuditEvent.source_id.in_(run_ids))
        .group_by(AuditEvent.source_id)
    )
    return {run_id: (written, undone) for run_id, written, undone in rows}


def touches(shop_id: str, product_id: str) -> ColumnElement[bool]:
    """Events on the product itself, on its listings, deals and inquiries, and on places of the main page it came to or left."""
    listings = select(Listing.id).where(Listing.shop_id == shop_id, Listing.product_id == product_id)
    deals = select(DealProposal.id).where(DealProposal.shop_id == shop_id, DealProposal.product_id == product_id)
    inquiries = select(Inquiry.id).where(Inquiry.shop_id == shop_id, Inquiry.product_id == product_id)
    as_json = json.dumps(product_id, ensure_ascii=False)
    placed = or_(cast(AuditEvent.before, String) == as_json, cast(AuditEvent.after, String) == as_json)
    return and_(
        AuditEvent.source_type == "run",
        or_(
            and_(AuditEvent.target_type == "product", AuditEvent.target_id == product_id),
            and_(AuditEvent.target_type == "listing", AuditEvent.target_id.in_(listings)),
            and_(AuditEvent.target_type == "deal_proposal", AuditEvent.target_id.in_(deals)),
            and_(AuditEvent.target_type == "inquiry", AuditEvent.target_id.in_(inquiries)),
            and_(AuditEvent.target_type == "display_slot", AuditEvent.field == "product_id", placed),
        ),
    )


def explain(session: Session, shop_id: str, wanted: RunFilter, limit: int) -> list[tuple[AuditEvent, Run]]:
    """PRO's changes with the run each belongs to, newest first."""
    terms: list[Any] = [AuditEvent.shop_id == shop_id, AuditEvent.source_type == "run"]
    if wanted.product_id:
        terms.append(touches(shop_id, wanted.product_id))
    query = (
        select(AuditEvent, Run)
        .join(Run, Run.id == AuditEvent.source_id)
        .where(
            *terms,
            *_where(shop_id, RunFilter(wanted.operation, wanted.market, wanted.state, wanted.since, wanted.until)),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.seq)
        .limit(limit)
    )
    return [(event, run) for event, run in session.execute(query)]

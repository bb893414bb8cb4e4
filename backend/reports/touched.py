"""Which products a run touched, as the audit tells it, and what of it still stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.operations import history
from backend.operations.models import Run
from backend.operations.periods import ends_after, starts_on
from backend.operations.states import RunState


@dataclass(frozen=True)
class Touching:
    """A run that is done, the market whose buyers met its changes, and the products these were about."""

    run: Run
    market: Market
    products: frozenset[str]

    @property
    def day(self) -> date:
        return clock.seoul(self.run.finished_at or self.run.scheduled_for).date()


def touching_between(session: Session, shop_id: str, first: date, last: date) -> list[Touching]:
    """Runs with changes to products that nobody put back, newest first; both days inclusive.

    A listing that is new or newly linked has no before, a coupon or a message belongs to no product: neither is here.
    """
    ended = func.coalesce(Run.finished_at, Run.scheduled_for)
    query = (
        select(Run)
        .where(Run.shop_id == shop_id, Run.state == RunState.DONE, ended >= starts_on(first), ended < ends_after(last))
        .order_by(ended.desc(), Run.id)
    )
    runs = list(session.scalars(query))
    events = history.events_of_runs(session, shop_id, [run.id for run in runs])
    standing = {run_id: [e for e in of if e.op == "set" and e.undone_by is None] for run_id, of in events.items()}
    listed = _products_of_listings(session, shop_id, [event for of in standing.values() for event in of])
    found = [Touching(run, run.market or Market.MALL, _products(standing[run.id], listed)) for run in runs]
    return [touching for touching in found if touching.products]


def _products(events: Sequence[AuditEvent], listed: dict[str, str]) -> frozenset[str]:
    """Of a rearranged main page those that came to it; what only changed its place stays what it was."""
    touched = {event.target_id for event in events if event.target_type == "product"}
    touched |= {
        listed[event.target_id] for event in events
        if event.target_type == "listing" and event.field != "product_id" and event.target_id in listed
    }  # fmt: skip
    placed: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.target_type == "display_slot" and event.field == "product_id":
            placed["left"].add(str(event.before))
            if event.after:
                placed["came"].add(str(event.after))
    return frozenset(touched | (placed["came"] - placed["left"]))


def _products_of_listings(session: Session, shop_id: str, events: Sequence[AuditEvent]) -> dict[str, str]:
    ids = {event.target_id for event in events if event.target_type == "listing"}
    query = select(Listing.id, Listing.product_id).where(Listing.shop_id == shop_id, Listing.id.in_(ids))
    return {listing: product for listing, product in session.execute(query).tuples() if product}

"""Writes down what time brought about: a proposal nobody answered in time is expired."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.deals.models import DealProposal
from backend.deals.states import DealState
from backend.products.models import Product


def expire_proposals(session: Session, shop_id: str, now: datetime) -> int:
    query = (
        select(DealProposal, Product.name)
        .join(Product, Product.id == DealProposal.product_id)
        .where(DealProposal.shop_id == shop_id, DealProposal.state == DealState.PROPOSED)
        .where(DealProposal.valid_until <= now)
        .order_by(DealProposal.id)
    )
    passed = session.execute(query).tuples().all()
    for proposal, name in passed:
        change = Change("deal_proposal", proposal.id, "state", proposal.state.value, DealState.EXPIRED.value, name)
        apply(session, pro_actor(shop_id), "deal.expired", Source("direct", proposal.id, "period_over"), [change])
    return len(passed)

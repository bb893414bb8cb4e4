"""Reading a shop's deal proposals."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deals.models import DealProposal
from backend.deals.schemas import DealOut
from backend.deals.states import DealState
from backend.kit import clock
from backend.markets.models import Listing
from backend.products.models import Product


def effective_state(proposal: DealProposal) -> DealState:
    """A proposal past its time is expired, whatever its row says."""
    over = proposal.state is DealState.PROPOSED and proposal.valid_until <= clock.now()
    return DealState.EXPIRED if over else proposal.state


def last_day(proposal: DealProposal) -> date:
    """The last Seoul day on which it can be answered; it ends at a midnight."""
    return clock.seoul(proposal.valid_until - proposal.valid_until.resolution).date()


def deals_of(session: Session, shop_id: str, state: DealState | None) -> list[DealOut]:
    """Newest first."""
    query = (
        select(DealProposal, Product, Listing)
        .join(Product, Product.id == DealProposal.product_id)
        .join(Listing, Listing.id == DealProposal.listing_id)
        .where(DealProposal.shop_id == shop_id, Product.shop_id == shop_id, Listing.shop_id == shop_id)
        .order_by(DealProposal.proposed_at.desc(), DealProposal.id)
    )
    found = [_out(*row) for row in session.execute(query).tuples()]
    return [deal for deal in found if state in (None, deal.state)]


def _out(proposal: DealProposal, product: Product, listing: Listing) -> DealOut:
    return DealOut(
        id=proposal.id, product_id=product.id, code=product.code, product=product.name,
        market_product_no=listing.market_product_no, state=effective_state(proposal), figures=proposal.figures,
        proposed_at=proposal.proposed_at, last_day=last_day(proposal),
        answered_at=proposal.answered_at, answered_by=proposal.answered_by,
    )  # fmt: skip

"""What waits for the merchant: settings, deals to answer, drafts to send, questions about their requests."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deals.service import deals_of
from backend.deals.states import DealState
from backend.inquiries.models import Inquiry
from backend.inquiries.states import InquiryState
from backend.reports.schemas import DealWaiting, WaitingForMerchant
from backend.shops import setup
from backend.shops.models import Shop
from backend.work_requests.service import awaiting_merchant

DRAFTED_WITHIN = timedelta(days=1)  # PRO drafts daily: what is older is left to a person


def waiting_for_merchant(session: Session, shop: Shop, now: datetime) -> WaitingForMerchant:
    """As of now; a deal past its last day waits no more."""
    deals = [
        DealWaiting(product=deal.product, last_day=deal.last_day)
        for deal in deals_of(session, shop.id, DealState.PROPOSED)
    ]
    return WaitingForMerchant(
        setup=[item.key.value for item in setup.check_all(session, shop) if not item.done],
        deals=sorted(deals, key=lambda deal: deal.last_day),
        drafts=_inquiries(session, shop.id, InquiryState.DRAFTED, now),
        unanswered=_inquiries(session, shop.id, InquiryState.OPEN, now - DRAFTED_WITHIN),
        questions=[request.number for request in awaiting_merchant(session, shop.id)],
    )


def _inquiries(session: Session, shop_id: str, state: InquiryState, asked_before: datetime) -> int:
    query = select(func.count()).select_from(Inquiry)
    mine = query.where(Inquiry.shop_id == shop_id, Inquiry.state == state, Inquiry.asked_at <= asked_before)
    return session.scalar(mine) or 0

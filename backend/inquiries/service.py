"""Reading a shop's inquiries."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inquiries.models import Inquiry
from backend.inquiries.schemas import InquiryOut, InquiryPage
from backend.inquiries.states import InquiryState
from backend.products.models import Product


def inquiries_of(session: Session, shop_id: str, state: InquiryState | None, limit: int, offset: int) -> InquiryPage:
    """The unanswered ones that wait longest first, then the answered ones, newest first."""
    mine = Inquiry.shop_id == shop_id
    counts = dict(
        session.execute(select(Inquiry.state, func.count()).where(mine).group_by(Inquiry.state)).tuples().all()
    )
    answered = Inquiry.state == InquiryState.ANSWERED
    query = (
        select(Inquiry, Product.name)
        .outerjoin(Product, Product.id == Inquiry.product_id)
        .where(mine, *([Inquiry.state == state] if state else []))
        .order_by(answered, Inquiry.answered_at.desc(), Inquiry.asked_at, Inquiry.id)
        .limit(limit)
        .offset(offset)
    )
    items = [_out(inquiry, product) for inquiry, product in session.execute(query).tuples()]
    total = counts.get(state, 0) if state else sum(counts.values())
    return InquiryPage(items=items, total=total, limit=limit, offset=offset, counts=counts)


def _out(inquiry: Inquiry, product: str | None) -> InquiryOut:
    columns = {field: getattr(inquiry, field) for field in InquiryOut.model_fields if field != "product"}
    return InquiryOut(product=product, **columns)

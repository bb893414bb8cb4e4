"""Reading a shop's inquiries."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.inquiries.models import Inquiry
from backend.inquiries.schemas import InquiryOut, InquiryPage
from backend.inquiries.states import InquiryState
from backend.inquiries.told import Delivery, told_of
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
    rows = session.execute(query).tuples().all()
    said = told_of(session, shop_id, [inquiry.id for inquiry, _ in rows])
    items = [_out(inquiry, product, said.get(inquiry.id)) for inquiry, product in rows]
    total = counts.get(state, 0) if state else sum(counts.values())
    return InquiryPage(items=items, total=total, limit=limit, offset=offset, counts=counts)


def inquiry_of(session: Session, shop_id: str, inquiry_id: str) -> InquiryOut:
    """Raises NotFound `inquiry_not_found` for another shop's."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None or inquiry.shop_id != shop_id:
        raise NotFound("no such inquiry in this shop", code="inquiry_not_found")
    product = session.get(Product, inquiry.product_id) if inquiry.product_id else None
    said = told_of(session, shop_id, [inquiry.id])
    return _out(inquiry, product.name if product else None, said.get(inquiry.id))


def waiting(session: Session, shop_id: str) -> list[InquiryOut]:
    """All that nobody answered yet, longest waiting first."""
    query = (
        select(Inquiry, Product.name)
        .outerjoin(Product, Product.id == Inquiry.product_id)
        .where(Inquiry.shop_id == shop_id, Inquiry.state != InquiryState.ANSWERED)
        .order_by(Inquiry.asked_at, Inquiry.id)
    )
    return [_out(inquiry, product) for inquiry, product in session.execute(query).tuples()]


def _out(inquiry: Inquiry, product: str | None, said: Delivery | None = None) -> InquiryOut:
    told = ("product", "delivery", "delivery_error")
    columns = {field: getattr(inquiry, field) for field in InquiryOut.model_fields if field not in told}
    how_far, error = said or (None, None)
    return InquiryOut(product=product, delivery=how_far, delivery_error=error, **columns)

"""Questions as the markets tell them, written down once; PRO drafts an answer with its next run."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.locks import take_turn
from backend.inquiries.collected import CollectedInquiry
from backend.inquiries.models import Inquiry
from backend.kit.ids import new_id
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.markets.models import Listing


def take_in_questions(session: Session, shop_id: str, market: Market, asked: Sequence[CollectedInquiry]) -> int:
    """How many were new. In the caller's transaction; the same again changes nothing."""
    take_turn(session, [shop_id])
    told = {one.market_inquiry_no: one for one in asked}
    known = set(session.scalars(
        select(Inquiry.market_inquiry_no).where(
            Inquiry.shop_id == shop_id, Inquiry.market == market, Inquiry.market_inquiry_no.in_(told)
        )
    ))  # fmt: skip
    fresh = [one for number, one in told.items() if number not in known]
    products = _products(session, shop_id, market, {one.market_product_no for one in fresh} - {None})
    for one in fresh:
        session.add(Inquiry(
            id=new_id("inq"), shop_id=shop_id, market=market, market_inquiry_no=one.market_inquiry_no,
            product_id=products.get(one.market_product_no), buyer_name=one.buyer or wording().say("inquiries.unnamed"),
            text=one.text, asked_at=one.asked_at,
        ))  # fmt: skip
    session.flush()
    return len(fresh)


def _products(session: Session, shop_id: str, market: Market, numbers: set[str | None]) -> dict[str | None, str]:
    """Ids of the own mall's products by the market's numbers."""
    query = select(Listing.market_product_no, Listing.product_id).where(
        Listing.shop_id == shop_id, Listing.market == market, Listing.market_product_no.in_(numbers),
        Listing.product_id.is_not(None),
    )  # fmt: skip
    return {number: product for number, product in session.execute(query).tuples() if product}

"""Shop lookup for staff: who the shop is and what is open; other features add sections of their own."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.conversations.models import Conversation, ConversationState
from backend.desk.schemas import PersonOut, ShopOut, ShopOverviewOut
from backend.errors import NotFound
from backend.shops.models import Member, Shop
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import OPEN_STATES

Section = Callable[[Session, Shop], Any]
_SECTIONS: dict[str, Section] = {}


def register_section(name: str, section: Section) -> None:
    """A feature tells the desk about a shop; `section` returns JSON-able data."""
    _SECTIONS[name] = section


def all_shops(session: Session) -> list[ShopOut]:
    conversations = _counts(session, Conversation.shop_id, Conversation.state == ConversationState.OPEN)
    requests = _counts(session, WorkRequest.shop_id, WorkRequest.state.in_(OPEN_STATES))
    return [
        _shop_out(shop, conversations, requests) for shop in session.scalars(select(Shop).order_by(Shop.name, Shop.id))
    ]


def overview(session: Session, shop_id: str) -> ShopOverviewOut:
    shop = session.get(Shop, shop_id)
    if shop is None:
        raise NotFound("no such shop", code="shop_not_found")
    conversations = _counts(session, Conversation.shop_id, Conversation.state == ConversationState.OPEN)
    requests = _counts(session, WorkRequest.shop_id, WorkRequest.state.in_(OPEN_STATES))
    members = session.scalars(select(Member).where(Member.shop_id == shop.id).order_by(Member.role, Member.name))
    return ShopOverviewOut(
        **_shop_out(shop, conversations, requests).model_dump(),
        members=[PersonOut.model_validate(m) for m in members],
        sections={name: section(session, shop) for name, section in _SECTIONS.items()},
    )


def _counts(session: Session, shop_id: Any, condition: Any) -> dict[str, int]:
    return dict(session.execute(select(shop_id, func.count()).where(condition).group_by(shop_id)).tuples().all())


def _shop_out(shop: Shop, conversations: dict[str, int], requests: dict[str, int]) -> ShopOut:
    return ShopOut(
        id=shop.id, name=shop.name, mall_id=shop.mall_id, pro_state=shop.pro_state,
        open_conversations=conversations.get(shop.id, 0), open_requests=requests.get(shop.id, 0),
    )  # fmt: skip

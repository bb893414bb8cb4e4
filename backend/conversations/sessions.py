"""The mall's signed identity becomes a session bound to the member's one conversation (architecture.md, "One turn")."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.conversations.models import Conversation, ConversationState
from backend.errors import Unauthenticated
from backend.kit import clock
from backend.kit.ids import new_id
from backend.shops.models import Member, Shop


@dataclass(frozen=True)
class Opened:
    token: str
    conversation: Conversation
    member: Member
    shop: Shop


def open_session(session: Session, identity: str) -> Opened:
    """Raises Unauthenticated for an identity that is tampered, expired, too long-lived, or of nobody we know."""
    shop = session.scalar(select(Shop).where(Shop.mall_id == tokens.claimed_mall(identity)))
    if shop is None:
        raise Unauthenticated("the token is not valid")
    claims = tokens.read_identity(identity, shop.identity_secret)
    member = session.scalar(
        select(Member)
        .where(Member.shop_id == shop.id, Member.external_id == str(claims["sub"]), Member.left_at.is_(None))
        .with_for_update(key_share=True)  # two tabs at once must find or make the same conversation
    )
    if member is None:
        raise Unauthenticated("this person is not known to the shop", code="member_unknown")
    conversation = conversation_of(session, member)
    token = tokens.issue("session", member.id, tokens.SESSION_FOR, conversation=conversation.id, shop=shop.id)
    return Opened(token, conversation, member, shop)


def conversation_of(session: Session, member: Member) -> Conversation:
    """The member's one conversation, made when there is none yet; the caller holds the write lock."""
    found = session.scalar(
        select(Conversation)
        .where(Conversation.member_id == member.id)
        .order_by(Conversation.created_at.desc())
        .limit(1)
    )
    if found is not None:
        return found
    now = clock.now()
    made = Conversation(
        id=new_id("cnv"), shop_id=member.shop_id, member_id=member.id, state=ConversationState.PENDING,
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made

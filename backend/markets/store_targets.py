"""Which fields of an image hosting grant and of a store's profile a change may write, and how a new one is put back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from backend.audit.models import AuditEvent
from backend.changes.registry import Target, register
from backend.markets.hosting import HostingState, ImageHosting, paid_by_pro
from backend.markets.storefront import FIELDS, StoreProfile
from backend.shops.models import Shop

S = HostingState
TRANSITIONS = {
    S.GRANTED: frozenset({S.OFF, S.ENDED}),
    S.ENDED: frozenset({S.GRANTED}),
    S.OFF: frozenset({S.GRANTED}),  # only by undoing the undo
}


def _give_back(row: ImageHosting) -> dict[str, Any]:
    return {"state": S.OFF.value} if row.state is S.GRANTED else {}


def _service_over(session: Session, row: ImageHosting) -> bool:
    """Without the market service there is nothing to put back: the grant ended with it."""
    return not paid_by_pro(session.get_one(Shop, row.shop_id))


def _take_down(row: StoreProfile) -> dict[str, Any]:
    """What PRO put there; what the merchant has put in its place since stays."""
    session = object_session(row)
    made = session and session.scalar(
        select(AuditEvent.after)
        .where(AuditEvent.shop_id == row.shop_id, AuditEvent.target_type == "store_profile")
        .where(AuditEvent.target_id == row.id, AuditEvent.op == "create")
    )
    standing = [name for name in FIELDS if getattr(row, name) and getattr(row, name) == (made or {}).get(name)]
    return {name: [] if name == "display_categories" else None for name in standing}


register("image_hosting", Target(
    ImageHosting, frozenset({"state", "granted_at", "covers_until", "monthly_fee_saved"}), "imh", {"state": TRANSITIONS},
    undo_create=_give_back, past_undoing=_service_over,
))  # fmt: skip
register("store_profile", Target(
    StoreProfile, frozenset(FIELDS), "stp", undo_create=_take_down,
))  # fmt: skip

"""What an OFF means for proposals that wait for an answer: they can still be answered until their last day."""

from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.deals.service import deals_of
from backend.deals.states import DealState


def when_off(session: Session, shop_id: str) -> tuple[list[Change], list[Effect]]:
    waiting = deals_of(session, shop_id, DealState.PROPOSED)
    if not waiting:
        return [], []
    last = max(deal.last_day for deal in waiting).isoformat()
    return [], [
        Effect("deals_stay_open", {"count": len(waiting), "products": [d.product for d in waiting], "until": last})
    ]

"""What an OFF means for grants: none is made any more; those that hold stay as long as the market service is used."""

from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.markets.hosting import granted


def when_off(session: Session, shop_id: str) -> tuple[list[Change], list[Effect]]:
    rows = granted(session, shop_id)
    if not rows:
        return [], []
    saved = sum(row.monthly_fee_saved for row in rows)
    return [], [Effect("hosting_stays", {"markets": [row.market.value for row in rows], "monthly_fee_saved": saved})]

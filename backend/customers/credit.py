"""Sending credit by kind: topped up by PRO, set aside for what is queued, used by what was sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.customers.models import CREDIT_OF, AddonCredit, Channel, CreditKind, CustomerMessage
from backend.customers.states import RESERVING

TOP_UP = "pro_top_up"
SENT = "sent"
LOW = 30  # credits; our choice: about a third of one step PRO tops up by (docs/decisions/0006)


@dataclass(frozen=True)
class Balance:
    """In credits; `balance` is what further messages may use."""

    topped_up: int
    used: int
    reserved: int

    @property
    def balance(self) -> int:
        return self.topped_up - self.used - self.reserved

    @property
    def low(self) -> bool:
        """Little is left of what PRO put in; before the first message nothing is low."""
        return self.topped_up > 0 and self.balance < LOW


def balances(session: Session, shop_id: str) -> dict[CreditKind, Balance]:
    topped_up, used, reserved = (dict.fromkeys(CreditKind, 0) for _ in range(3))
    added = AddonCredit.delta > 0
    summed = (
        select(AddonCredit.kind, added, func.sum(AddonCredit.delta))
        .where(AddonCredit.shop_id == shop_id)
        .group_by(AddonCredit.kind, added)
    )
    for kind, is_added, delta in session.execute(summed).tuples():
        (topped_up if is_added else used)[kind] = abs(delta)
    waiting = (
        select(CustomerMessage.channel, func.sum(CustomerMessage.credits))
        .where(CustomerMessage.shop_id == shop_id, CustomerMessage.state.in_(RESERVING))
        .group_by(CustomerMessage.channel)
    )
    for channel, credits in session.execute(waiting).tuples():
        reserved[CREDIT_OF[Channel(channel)]] += credits
    return {kind: Balance(topped_up[kind], used[kind], reserved[kind]) for kind in CreditKind}


def top_up_needed(balance: Balance, more: int, step: int) -> int:
    """Credits PRO adds so that `more` are covered: whole steps, none while the balance is enough."""
    short = more - balance.balance
    return -(-short // step) * step if short > 0 else 0


def moved_between(
    session: Session, shop_id: str, since: datetime, until: datetime
) -> dict[CreditKind, tuple[int, int]]:
    """Credits topped up and used from `since` until before `until`."""
    added = AddonCredit.delta > 0
    summed = (
        select(AddonCredit.kind, added, func.sum(AddonCredit.delta))
        .where(AddonCredit.shop_id == shop_id, AddonCredit.at >= since, AddonCredit.at < until)
        .group_by(AddonCredit.kind, added)
    )
    moved = {(kind, bool(is_added)): abs(delta) for kind, is_added, delta in session.execute(summed).tuples()}
    return {kind: (moved.get((kind, True), 0), moved.get((kind, False), 0)) for kind in CreditKind}

"""What a plan has markets told, and how an undo takes the unsent words back.

A word that a market has accepted cannot be taken back: then the plan is final, whatever its preview hoped. Words that were
never sent go with the undo, and come again when the undo itself is undone.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.errors import Conflict
from backend.kit import clock
from backend.markets import outbox
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.plans.models import Plan

ON_ITS_WAY = (CommandState.SENDING, CommandState.SENT)


def tell(
    session: Session, plan: Plan, market: Market, kind: CommandKind, subject_id: str, payload: dict[str, Any]
) -> None:
    """Queue a word that belongs to the plan: told once, however often the plan is confirmed."""
    outbox.tell(session, plan.shop_id, market, kind, subject_id, payload, _key(plan.id, kind.value, subject_id))


def refuse_told(session: Session, source: Plan, *, in_part: bool = False) -> None:
    """Raises Conflict `market_told` where an undo would contradict what a market has accepted, `undo_whole_only` where
    it would take back a part of what its words say."""
    spoken, withdraws = _spoken_by(session, source)
    words = _words(session, spoken) if spoken is not None else []
    if spoken is None or not words:
        return
    if in_part:
        raise Conflict("its words belong together", code="undo_whole_only", of=spoken.kind)
    if not withdraws:
        return
    gone = [word for word in words if word.state in ON_ITS_WAY]
    if gone:
        markets = sorted({word.market.value for word in gone})
        raise Conflict("a market has accepted it", code="market_told", of=spoken.kind, markets=markets)


def follow(session: Session, source: Plan) -> None:
    """With the undo of `source`, its unsent words are withdrawn, or queued again. Raises like `refuse_told`."""
    spoken, withdraws = _spoken_by(session, source)
    if spoken is None:
        return
    before, after = (
        (CommandState.QUEUED, CommandState.REPLACED) if withdraws else (CommandState.REPLACED, CommandState.QUEUED)
    )
    session.flush()
    session.execute(
        update(MarketCommand)
        .where(
            MarketCommand.shop_id == spoken.shop_id, MarketCommand.key.startswith(_key(spoken.id), autoescape=True),
            MarketCommand.state == before,
        )
        .values(state=after, not_before=clock.now(), version=MarketCommand.version + 1)
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip
    refuse_told(session, source)


def _spoken_by(session: Session, source: Plan) -> tuple[Plan | None, bool]:
    """The plan whose words these are, behind any undoing of undoings, and whether undoing `source` withdraws them."""
    withdraws, plan = True, source
    while plan.kind == "undo":
        inner = session.get(Plan, plan.params["source_id"]) if plan.params["source_type"] == "plan" else None
        if inner is None or inner.shop_id != source.shop_id:
            return None, withdraws
        withdraws, plan = not withdraws, inner
    return plan, withdraws


def _words(session: Session, plan: Plan) -> list[MarketCommand]:
    mine = MarketCommand.key.startswith(_key(plan.id), autoescape=True)
    return list(session.scalars(select(MarketCommand).where(MarketCommand.shop_id == plan.shop_id, mine)))


def _key(*parts: str) -> str:
    return ":".join((*parts, "")) if len(parts) == 1 else ":".join(parts)

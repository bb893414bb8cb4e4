"""What markets must be told: written in the transaction that causes it, sent by the worker until it arrives."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.db.locks import take_turn
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand

#: the newest of these says it all: an unsent older one about the same subject is replaced
LATEST_COUNTS = frozenset({CommandKind.STOCK, CommandKind.LISTING})


def tell(
    session: Session,
    shop_id: str,
    market: Market,
    kind: CommandKind,
    subject_id: str,
    payload: dict[str, Any],
    key: str,
) -> MarketCommand:
    """Queue it; the same `key` is queued once."""
    take_turn(session, [shop_id])
    known = session.scalars(
        select(MarketCommand).where(MarketCommand.shop_id == shop_id, MarketCommand.key == key)
    ).first()
    if known is not None:
        return known
    now = clock.now()
    if kind in LATEST_COUNTS:
        session.execute(
            update(MarketCommand)
            .where(
                MarketCommand.shop_id == shop_id, MarketCommand.market == market, MarketCommand.kind == kind,
                MarketCommand.subject_id == subject_id, MarketCommand.state == CommandState.QUEUED,
            )
            .values(state=CommandState.REPLACED)
        )  # fmt: skip
    command = MarketCommand(
        id=new_id("mcd"), shop_id=shop_id, market=market, kind=kind, subject_id=subject_id, payload=payload, key=key,
        not_before=now, created_at=now,
    )  # fmt: skip
    session.add(command)
    return command

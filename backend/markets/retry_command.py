"""The plan kind `market_command.retry`: what a market refused, or never took, is told once more."""

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.errors import Conflict, NotFound
from backend.markets.codes import Market
from backend.markets.feed_models import CommandState, MarketCommand
from backend.plans.kinds import PlanKind, Proposal, register

AT_ONCE = 200


class RetryParams(BaseModel):
    """One command, or all that failed (of one market)."""

    command_id: str | None = None
    market: Market | None = None


def propose(session: Session, actor: Actor, params: RetryParams) -> Proposal:
    """Raises NotFound `command_not_found`, Conflict `no_failed_command`."""
    actor.require(Permission.ORDERS_HANDLE)
    query = select(MarketCommand).where(MarketCommand.shop_id == actor.shop_id)
    if params.command_id is not None:
        query = query.where(MarketCommand.id == params.command_id)
        if session.scalars(query).one_or_none() is None:
            raise NotFound("no such command in this shop", code="command_not_found")
    if params.market is not None:
        query = query.where(MarketCommand.market == params.market)
    failed = query.where(MarketCommand.state == CommandState.FAILED).order_by(MarketCommand.id).limit(AT_ONCE)
    rows = session.scalars(failed).all()
    if not rows:
        raise Conflict("nothing was refused", code="no_failed_command")
    changes: list[Change] = []
    for row in rows:
        label = row.market.value
        changes += [
            Change("market_command", row.id, "state", row.state.value, CommandState.QUEUED.value, label),
            Change("market_command", row.id, "not_before", row.not_before.isoformat(), NOW, label),
        ]
    told = {
        "count": len(rows), "markets": sorted({row.market.value for row in rows}),
        "kinds": sorted({row.kind.value for row in rows}),
    }  # fmt: skip
    return Proposal(changes, [Effect("commands_told_again", told)])


register(PlanKind("market_command.retry", RetryParams, propose))

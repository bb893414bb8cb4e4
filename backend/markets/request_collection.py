"""The plan kind `orders.collect`: a round of collecting now, carried out by the worker (source: 001, 주문 수집)."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_ID, CONVERSATION_ID, NOW
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.collect_due import under_way
from backend.markets.feed_models import CollectionState
from backend.markets.linked import linked
from backend.markets.models import AccountState
from backend.markets.service import state_of
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shops.models import Shop


class CollectParams(BaseModel):
    """No `markets`: all that are linked."""

    markets: list[Market] = Field(default_factory=list, max_length=len(Market))


def propose(session: Session, actor: Actor, params: CollectParams) -> Proposal:
    """Raises Conflict `integrated_orders_off`, InvalidInput `market_not_linked` with the market, NothingToChange
    `collection_under_way`."""
    actor.require(Permission.ORDERS_HANDLE)
    if not value_of(session, actor.shop_id, "integrated_orders"):
        raise Conflict("orders are not handled here", code="integrated_orders_off")
    places = {place.market: place for place in linked(session, session.get_one(Shop, actor.shop_id))}
    for market in params.markets:
        if market not in places:
            fields = [{"field": "markets", "problem": "market_not_linked"}]
            raise InvalidInput(
                "that market is not linked", code="market_not_linked", market=market.value, fields=fields
            )
    if under_way(session, actor.shop_id):
        raise NothingToChange("a round is under way", code="collection_under_way")
    wanted = [market for market in places if not params.markets or market in params.markets]
    names = [market.value for market in wanted]
    effects = [Effect("collection_starts", {"markets": names})]
    for market in wanted:
        account = places[market].account
        if account and state_of(account) is AccountState.EXPIRED:
            effects.append(Effect("collection_may_fail", {"market": market.value, "since": _since(account)}))
    after = {
        "state": CollectionState.QUEUED.value, "markets": names, "asked_by": ACTOR_ID, "conversation_id": CONVERSATION_ID,
        "created_at": NOW,
    }  # fmt: skip
    return Proposal([create("collection", after)], effects, undoable=False)


def _since(account: Any) -> str | None:
    at = account.failing_since or account.credentials_until
    return clock.seoul(at).date().isoformat() if at else None


def _started(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    return {"collection_id": written[0].target_id}


register(PlanKind("orders.collect", CollectParams, propose, _started))

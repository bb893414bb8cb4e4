"""The plan kind `order.exchange`: other articles for some pieces of a line, before or after it has left."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.claims.cancel import Pieces, Text, refuse_waiting, tell_filed, waits
from backend.claims.claimed_line import line_of, pieces, undecided
from backend.claims.exchanging import exchange, other_article
from backend.orders.states import ClaimKind
from backend.plans.kinds import PlanKind, Proposal, register


class ExchangeParams(BaseModel):
    line_id: Annotated[str, Field(max_length=60)]
    item_id: Annotated[str, Field(max_length=60)]
    quantity: Pieces = None
    reason: Text = None


def propose(session: Session, actor: Actor, params: ExchangeParams) -> Proposal:
    """A buyer's own request for an exchange that waits is accepted by it. Raises what a cancellation raises,
    NotFound `item_not_found` and Conflict `exchange_same_item`."""
    actor.require(Permission.ORDERS_CLAIM)
    at = line_of(session, actor.shop_id, params.line_id)
    waiting = undecided(session, at.line)
    quantity = pieces(session, at, params.quantity, without=waiting)
    refuse_waiting(session, at, ClaimKind.EXCHANGE)
    if waiting is not None:
        if params.quantity not in (None, waiting.quantity):
            raise waits(at, waiting)
        quantity = waiting.quantity
    item = other_article(session, actor.shop_id, params.item_id, at)
    return Proposal(*exchange(session, at, quantity, item, params.reason, waiting))


register(PlanKind("order.exchange", ExchangeParams, propose, tell_filed))

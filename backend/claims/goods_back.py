"""The plan kinds `claim.collect`, `claim.inspect` and `claim.finish`: goods come back, are looked at, money goes back."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.claims.answer import Id, telling
from backend.claims.cancelling import set_claim
from backend.claims.claimed_line import SENT, ClaimedLine, claim_of
from backend.claims.holds import let_go
from backend.claims.line_changes import marked
from backend.claims.models import Claim
from backend.claims.steps import require
from backend.errors import Conflict, InvalidInput
from backend.inventory.states import MovementReason
from backend.inventory.targets import movement
from backend.inventory_settings.read import value_of
from backend.orders.models import OrderLine
from backend.orders.states import ClaimKind, ClaimState, Outcome, RefundState
from backend.plans.kinds import PlanKind, Proposal, register

Count = Annotated[int, Field(ge=0, le=100_000)]


class CollectParams(BaseModel):
    claim_id: Id
    pickup_courier: Annotated[str | None, Field(max_length=60)] = None
    pickup_tracking_no: Annotated[str | None, Field(max_length=60)] = None


class Outcomes(BaseModel):
    restock: Count = 0
    defective: Count = 0
    quarantine: Count = 0


class InspectParams(BaseModel):
    claim_id: Id
    outcomes: Outcomes


class FinishParams(BaseModel):
    claim_id: Id


def propose_collect(session: Session, actor: Actor, params: CollectParams) -> Proposal:
    """수거 완료. With the setting restock_on_pickup the stock grows at once, even by defective goods: that is said, and
    inspecting first is offered (source: 002, 수거관리). Raises Conflict `claim_step_refused`."""
    actor.require(Permission.ORDERS_CLAIM)
    claim, at = claim_of(session, actor.shop_id, params.claim_id)
    require(claim, "collect", at.order.order_no)
    values: dict[str, Any] = {"state": ClaimState.COLLECTED.value, "collected_at": NOW}
    values |= {
        name: said for name in ("pickup_courier", "pickup_tracking_no") if (said := getattr(params, name)) is not None
    }
    changes: list[Change] = []
    effects = [Effect("goods_collected", {"order_no": at.order.order_no, "item": at.name, "quantity": claim.quantity})]
    if at.item is not None and value_of(session, actor.shop_id, "restock_on_pickup"):
        values["restocked"] = claim.quantity
        changes.append(movement(at.item, claim.quantity, MovementReason.RETURN, line_id=at.line.id))
        effects.append(Effect("restocked_unseen", {
            "item": at.name, "quantity": claim.quantity, "before": at.item.stocked, "after": at.item.stocked + claim.quantity,
        }))  # fmt: skip
    else:
        effects.append(Effect("inspect_next", {"item": at.name}))
    changes += _set(claim, at, values)
    released = let_go(session, claim, at.order.order_no) if claim.kind is ClaimKind.EXCHANGE else []
    if released:
        effects.append(Effect("parcels_released_by_claim", {"count": sum(c.field == "held" for c in released)}))
    return Proposal(changes + released, effects)


def propose_inspect(session: Session, actor: Actor, params: InspectParams) -> Proposal:
    """검수: every piece gets one outcome, and only what can be sold again is in stock afterwards.

    Raises InvalidInput `outcomes_sum`, Conflict `claim_step_refused`, `stock_short` (defective goods that the pick-up had
    put into stock are sold already).
    """
    actor.require(Permission.ORDERS_CLAIM)
    claim, at = claim_of(session, actor.shop_id, params.claim_id)
    require(claim, "inspect", at.order.order_no)
    found = {outcome.value: getattr(params.outcomes, outcome.value) for outcome in Outcome}
    if sum(found.values()) != claim.quantity:
        raise InvalidInput(
            "every piece has one outcome", code="outcomes_sum", quantity=claim.quantity, told=sum(found.values()),
            item=at.name, fields=[{"field": "outcomes", "message": f"sum {claim.quantity}"}],
        )  # fmt: skip
    values: dict[str, Any] = {"state": ClaimState.INSPECTED.value, "outcomes": {k: v for k, v in found.items() if v}}
    changes: list[Change] = []
    effects = [
        Effect("goods_inspected", {"order_no": at.order.order_no, "item": at.name, "outcomes": values["outcomes"]})
    ]
    delta = found[Outcome.RESTOCK.value] - claim.restocked
    if at.item is not None and delta:
        if at.item.stocked + delta < 0:
            raise Conflict(
                "not enough of it", code="stock_short", item_id=at.item.id, item=at.name, available=at.item.available
            )
        reason = MovementReason.RETURN if delta > 0 else MovementReason.CORRECT
        changes.append(movement(at.item, delta, reason, line_id=at.line.id))
        values["restocked"] = found[Outcome.RESTOCK.value]
        effects.append(Effect("stock_after_inspection", {
            "item": at.name, "delta": delta, "before": at.item.stocked, "after": at.item.stocked + delta,
        }))  # fmt: skip
    if claim.refund is RefundState.HELD:
        values["refund"] = RefundState.DUE.value
        effects.append(Effect("refund_due", {"amount": claim.refund_amount, "fee": claim.fee}))
    return Proposal(changes + _set(claim, at, values), effects)


def propose_finish(session: Session, actor: Actor, params: FinishParams) -> Proposal:
    """It is over: the refund is noted as done, the exchange's article has left. Raises `claim_step_refused`,
    Conflict `exchange_not_sent`."""
    actor.require(Permission.ORDERS_CLAIM)
    claim, at = claim_of(session, actor.shop_id, params.claim_id)
    if claim.kind is ClaimKind.EXCHANGE and claim.state in (
        ClaimState.ACCEPTED,
        ClaimState.COLLECTED,
        ClaimState.INSPECTED,
    ):
        line = session.get(OrderLine, claim.exchange_line_id) if claim.exchange_line_id else None
        if line is None or line.fulfilment not in SENT:
            raise Conflict("it has not left", code="exchange_not_sent", order_no=at.order.order_no, item=at.name)
    require(claim, "finish", at.order.order_no)
    values: dict[str, Any] = {"state": ClaimState.DONE.value, "closed_at": NOW}
    effects = [Effect("claim_finished", {"order_no": at.order.order_no, "item": at.name, "kind": claim.kind.value})]
    if claim.refund in (RefundState.DUE, RefundState.HELD):
        values["refund"] = RefundState.DONE.value
        effects.append(Effect("refund_noted", {"amount": claim.refund_amount}))
    if claim.after_shipping and claim.kind is not ClaimKind.EXCHANGE and claim.collected_at is None:
        effects.append(Effect("finished_without_goods", {"item": at.name, "quantity": claim.quantity}))
    elif claim.state is ClaimState.COLLECTED and not claim.restocked:
        effects.append(Effect("finished_without_inspection", {"item": at.name, "quantity": claim.quantity}))
    released = let_go(session, claim, at.order.order_no)
    if released:
        effects.append(Effect("parcels_released_by_claim", {"count": sum(c.field == "held" for c in released)}))
    return Proposal(_set(claim, at, values) + released, effects)


def _set(claim: Claim, at: ClaimedLine, values: dict[str, Any]) -> list[Change]:
    changes = set_claim(claim, at.label, **values)
    if at.line.claim_kind is claim.kind:
        changes += marked(at, claim.kind, ClaimState(values["state"]))
    return changes


register(PlanKind("claim.collect", CollectParams, propose_collect, telling("collected")))
register(PlanKind("claim.inspect", InspectParams, propose_inspect))
register(PlanKind("claim.finish", FinishParams, propose_finish, telling("finish")))

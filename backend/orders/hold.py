"""The plan kinds `order.hold`, `order.release` and `order.merge_lock`: what keeps a parcel here, or apart from others."""

from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import NothingToChange
from backend.orders.blockers import KEEPING
from backend.orders.chosen import OneOf, live_parcels, orders_in, set_to
from backend.orders.explain import blockers
from backend.orders.models import Order, Shipment
from backend.orders.states import ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register


class HoldParams(OneOf):
    reason: Annotated[str, Field(max_length=200)] = ""


class LockParams(OneOf):
    forbidden: bool


def propose_hold(session: Session, actor: Actor, params: HoldParams) -> Proposal:
    """All parcels of an order that have not left. A held parcel keeps its stock and gets no more.

    Raises NothingToChange `already_held` when all of them are held.
    """
    actor.require(Permission.ORDERS_HANDLE)
    parcels = live_parcels(session, actor.shop_id, params)
    reason = params.reason.strip() or None
    wanted = [one for one in parcels if not one.held or (reason and one.hold_reason != reason)]
    if not wanted:
        raise NothingToChange(
            "it is held", code="already_held", number=parcels[0].number, reason=parcels[0].hold_reason
        )
    changes: list[Change] = []
    for one in wanted:
        changes += set_to(one, held=True, **({"hold_reason": reason} if reason else {}))
    effects = [Effect("order_held", {"orders": _numbers(session, wanted), "parcels": len(wanted), "reason": reason})]
    effects += _others(session, wanted, params)
    labelled = [one.tracking_no for one in wanted if one.state is ShipmentState.LABELLED]
    if labelled:
        effects.append(Effect("label_stays", {"tracking_nos": labelled}))
    return Proposal(changes, effects, reason=reason)


def propose_release(session: Session, actor: Actor, params: OneOf) -> Proposal:
    """Raises NothingToChange `not_held`."""
    actor.require(Permission.ORDERS_HANDLE)
    parcels = live_parcels(session, actor.shop_id, params)
    held = [one for one in parcels if one.held]
    if not held:
        raise NothingToChange("it is not held", code="not_held", number=parcels[0].number)
    changes: list[Change] = []
    for one in held:
        changes += set_to(one, held=False, hold_reason=None)
    orders = orders_in(session, held)
    effects = [Effect("order_released", {"orders": [order.order_no for order in orders], "parcels": len(held)})]
    effects += _others(session, held, params)
    still = sorted({code for order in orders for code in _still(session, order)})
    if still:
        effects.append(Effect("still_in_the_way", {"codes": still}))
    return Proposal(changes, effects)


def propose_lock(session: Session, actor: Actor, params: LockParams) -> Proposal:
    """합포금지 on or off. Raises NothingToChange `merge_lock_is_so`."""
    actor.require(Permission.ORDERS_HANDLE)
    parcels = live_parcels(session, actor.shop_id, params)
    wanted = [one for one in parcels if one.merge_forbidden is not params.forbidden]
    if not wanted:
        raise NothingToChange("it is so", code="merge_lock_is_so", number=parcels[0].number, forbidden=params.forbidden)
    changes = [change for one in wanted for change in set_to(one, merge_forbidden=params.forbidden)]
    told = {"orders": _numbers(session, wanted), "forbidden": params.forbidden}
    return Proposal(changes, [Effect("merge_lock", told)])


def _still(session: Session, order: Order) -> set[str]:
    return {one.code for one in blockers(session, order) if one.stops in KEEPING} - {"held", "not_labelled"}


def _numbers(session: Session, parcels: list[Shipment]) -> list[str]:
    return [order.order_no for order in orders_in(session, parcels)]


def _others(session: Session, parcels: list[Shipment], wish: OneOf) -> list[Effect]:
    """Orders that leave in the same parcel are concerned as well."""
    if wish.order_id is None:
        return []
    others = [
        order.order_no for order in orders_in(session, parcels) if wish.order_id not in (order.id, order.order_no)
    ]
    return [Effect("shared_parcel", {"orders": others})] if others else []


register(PlanKind("order.hold", HoldParams, propose_hold))
register(PlanKind("order.release", OneOf, propose_release))
register(PlanKind("order.merge_lock", LockParams, propose_lock))

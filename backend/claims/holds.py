"""What a shop's settings do to the other parcels of an order when a claim comes in (source: 002, 취소/교환)."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.claims.models import Claim
from backend.inventory_settings.catalogue import ClaimRules
from backend.inventory_settings.read import value_of
from backend.orders.models import OrderLine, Shipment
from backend.orders.states import OPEN, OPEN_CLAIMS, ClaimKind, ShipmentState

NOT_LEFT = (ShipmentState.PREPARING, ShipmentState.LABELLED)


def rules_for(session: Session, shop_id: str, kind: ClaimKind, after_shipping: bool) -> ClaimRules:
    """A return is a cancellation after shipping."""
    word = "exchange" if kind is ClaimKind.EXCHANGE else "cancel"
    rules: ClaimRules = value_of(session, shop_id, f"{word}_{'after' if after_shipping else 'before'}_shipping")
    return rules


def reason_of(kind: ClaimKind) -> str:
    return f"claim_{kind.value}"


def parcels_at_home(session: Session, shop_id: str, order_id: str, leaving_out: Iterable[str] = ()) -> list[Shipment]:
    """The order's parcels that have not left and in which something to be sent lies beside the lines left out."""
    query = (
        select(Shipment)
        .join(OrderLine, OrderLine.shipment_id == Shipment.id)
        .where(
            OrderLine.shop_id == shop_id, OrderLine.order_id == order_id, Shipment.state.in_(NOT_LEFT),
            OrderLine.fulfilment.in_(OPEN), OrderLine.id.not_in(list(leaving_out)),
        )
        .distinct()
        .order_by(Shipment.id)
    )  # fmt: skip
    return list(session.scalars(query))


def held_back(parcels: Iterable[Shipment], rules: ClaimRules, kind: ClaimKind, label: str) -> list[Change]:
    """Parcels that someone else holds keep that person's reason."""
    changes: list[Change] = []
    for parcel in parcels:
        if rules.hold and not parcel.held:
            changes.append(Change("shipment", parcel.id, "held", False, True, label))
            changes.append(Change("shipment", parcel.id, "hold_reason", parcel.hold_reason, reason_of(kind), label))
        if rules.merge_forbidden and not parcel.merge_forbidden:
            changes.append(Change("shipment", parcel.id, "merge_forbidden", False, True, label))
    return changes


def let_go(session: Session, claim: Claim, label: str) -> list[Change]:
    """What this claim held may leave again, unless another open claim of the order wants the same."""
    if not claim.held or _another_holds(session, claim):
        return []
    changes: list[Change] = []
    for parcel in parcels_at_home(session, claim.shop_id, claim.order_id):
        if parcel.held and parcel.hold_reason == reason_of(claim.kind):
            changes.append(Change("shipment", parcel.id, "held", True, False, label))
            changes.append(Change("shipment", parcel.id, "hold_reason", parcel.hold_reason, None, label))
    return changes


def _another_holds(session: Session, claim: Claim) -> bool:
    query = select(Claim.id).where(
        Claim.shop_id == claim.shop_id, Claim.order_id == claim.order_id, Claim.id != claim.id, Claim.held,
        Claim.kind == claim.kind, Claim.state.in_(OPEN_CLAIMS),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None

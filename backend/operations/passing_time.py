"""What time alone brings about, written down so that the history is true.

OFFs that end, coupons past their period, grants of image exposure that end with the market service.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.changes.registry import to_json
from backend.coupons.models import Coupon, CouponState
from backend.markets.hosting import HostingState, ImageHosting, granted, paid_by_pro
from backend.operations import switches
from backend.operations.models import OffSwitch
from backend.operations.notices import notify
from backend.operations.off import label_of
from backend.operations.off_effects import of_operations
from backend.shops.models import Shop


def lift_ended_switches(session: Session, shop: Shop, now: datetime) -> list[OffSwitch]:
    """The switch stopped holding at its `until` already; this marks it lifted then, by PRO."""
    ended = list(session.scalars(
        select(OffSwitch).where(OffSwitch.shop_id == shop.id, OffSwitch.lifted_at.is_(None), OffSwitch.until <= now)
    ))  # fmt: skip
    actor = pro_actor(shop.id)
    for switch in ended:
        label = switch.operation or switch.area or "everything"
        at = switch.until.isoformat() if switch.until else None
        apply(session, actor, "ops.off_ended", Source("direct", switch.id, "until_passed"), [
            Change("off_switch", switch.id, "lifted_at", None, at, label),
            Change("off_switch", switch.id, "lifted_by", None, actor.name, label),
        ])  # fmt: skip
        notify(session, shop, "off_lifted", {"switch": switches.described(switch)})
    return ended


def begin_later_switches(session: Session, shop: Shop, now: datetime) -> list[OffSwitch]:
    """An OFF set for later has come to its start: what the operations made so far is stopped now.

    That counts as written by the plan that set the OFF, so that its undo puts all of it back.
    """
    begun = list(session.scalars(
        select(OffSwitch)
        .where(OffSwitch.shop_id == shop.id, OffSwitch.lifted_at.is_(None), OffSwitch.begun_at.is_(None))
        .where(OffSwitch.starts_at <= now, or_(OffSwitch.until.is_(None), OffSwitch.until > now))
        .order_by(OffSwitch.starts_at, OffSwitch.id)
    ))  # fmt: skip
    actor = pro_actor(shop.id)
    for switch in begun:
        changes, _ = of_operations(session, shop.id, switches.covered(switch))
        apply(session, actor, "ops.off_began", _set_by(session, switch), changes)
        at = Change("off_switch", switch.id, "begun_at", None, now.isoformat(), label_of(switches.scope_of(switch)))
        apply(session, actor, "ops.off_began", Source("direct", switch.id, "start_reached"), [at])
    return begun


def _set_by(session: Session, switch: OffSwitch) -> Source:
    """The plan that created the OFF; one that came about otherwise stands for itself."""
    made = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.shop_id == switch.shop_id, AuditEvent.target_type == "off_switch")
        .where(AuditEvent.target_id == switch.id, AuditEvent.op == "create")
    ).first()
    return Source(made.source_type, made.source_id, made.reason) if made else Source("direct", switch.id)


def end_passed_coupons(session: Session, shop: Shop, now: datetime) -> list[Coupon]:
    passed = list(session.scalars(
        select(Coupon).where(Coupon.shop_id == shop.id, Coupon.state != CouponState.ENDED, Coupon.ends_at <= now)
    ))  # fmt: skip
    for coupon in passed:
        change = Change("coupon", coupon.id, "state", coupon.state.value, CouponState.ENDED.value, coupon.name)
        apply(session, pro_actor(shop.id), "coupon.ended", Source("direct", coupon.id, "period_over"), [change])
    return passed


def end_image_hosting(session: Session, shop: Shop, now: datetime) -> list[ImageHosting]:
    """PRO pays for image exposure only while its market service is used (source: 000)."""
    if paid_by_pro(shop):
        return []
    over = granted(session, shop.id)
    for row in over:
        apply(session, pro_actor(shop.id), "image_hosting.ended", Source("direct", row.id, "market_service_over"), [
            Change("image_hosting", row.id, "state", row.state.value, HostingState.ENDED.value, row.market.value),
            Change("image_hosting", row.id, "covers_until", to_json(row.covers_until), now.isoformat(), row.market.value),
        ])  # fmt: skip
    return over

"""Keeping a product at a fixed place of the main page, and releasing it.

Pinning moves like a list: the product goes to its place, the unpinned products in between shift by one, pinned ones
never move. A product new to a full group pushes the last unpinned one out.
"""

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.display.models import DisplayGroup, DisplaySlot
from backend.display.service import group_named, groups_of, names_of, slots_of
from backend.errors import Conflict, InvalidInput, NotFound, NothingToChange
from backend.plans.kinds import PlanKind, Proposal, register
from backend.products.models import Product, SaleStatus
from backend.products.service import product_named

LAST = -1


class PinParams(BaseModel):
    """`product_id` may be a code; `position` -1 is the last place; `group` an id, a Cafe24 number or a name."""

    product_id: str
    position: int
    group: str | int | None = None


class UnpinParams(BaseModel):
    product_id: str
    group: str | int | None = Field(None, description="every group when absent")


def propose_pin(session: Session, actor: Actor, params: PinParams) -> Proposal:
    """Raises NotFound, InvalidInput `position_out_of_range`, Conflict `position_pinned` and `product_hidden`."""
    actor.require(Permission.DISPLAY_PIN)
    product = _product(session, actor, params.product_id)
    group = _group(session, actor, product, params.group)
    slots = slots_of(session, group)
    place = _place(slots, params.position, group)
    if product.status is SaleStatus.HIDDEN:
        raise Conflict("a hidden product cannot be shown", code="product_hidden", product=product.name)
    if place.product_id == product.id and place.pinned:
        raise NothingToChange(
            "it already is pinned there",
            code="already_pinned", product=product.name, position=place.position, group=group.name,
        )  # fmt: skip
    if place.pinned:
        names = names_of(session, actor.shop_id, {place.product_id})
        raise Conflict(
            "another product is pinned there",
            code="position_pinned", position=place.position, group=group.name,
            product=names.get(place.product_id or ""), product_id=place.product_id,
        )  # fmt: skip
    arranged, fallen = _arrange(slots, place, product.id)
    changes = [change for slot in slots for change in _slot_changes(slot, group, place, product, arranged)]
    names = names_of(session, actor.shop_id, {slot.product_id for slot in slots} | {product.id})
    return Proposal(changes, _pin_effects(slots, group, place, product, arranged, fallen, names))


def propose_unpin(session: Session, actor: Actor, params: UnpinParams) -> Proposal:
    """The product stays where it is until PRO arranges the group again; raises NothingToChange `not_pinned`."""
    actor.require(Permission.DISPLAY_PIN)
    product = _product(session, actor, params.product_id)
    if params.group is None:
        groups = groups_of(session, actor.shop_id)
    else:
        groups = [group_named(session, actor.shop_id, str(params.group))]
    changes, effects = [], []
    for group in groups:
        for slot in slots_of(session, group):
            if slot.product_id == product.id and slot.pinned:
                changes.append(Change("display_slot", slot.id, "pinned", True, False, _label(group, slot)))
                data = {
                    "product": product.name,
                    "position": slot.position,
                    "group": group.name,
                    "automatic": group.automatic,
                }
                effects.append(Effect("display_released", data))
    if not changes:
        named = groups[0].name if params.group is not None else None
        raise NothingToChange("it is not pinned", code="not_pinned", product=product.name, group=named)
    return Proposal(changes, effects)


def _product(session: Session, actor: Actor, wanted: str) -> Product:
    product = product_named(session, actor.shop_id, wanted)
    if product is None:
        raise NotFound("no such product in this shop", code="product_not_found", product=wanted)
    return product


def _group(session: Session, actor: Actor, product: Product, wanted: str | int | None) -> DisplayGroup:
    """The named one; else the group that shows the product, the first automatic one, the first."""
    if wanted is not None:
        return group_named(session, actor.shop_id, str(wanted))
    groups = groups_of(session, actor.shop_id)
    if not groups:
        raise NotFound("this shop has no display group", code="group_not_found", group=None)
    showing = [g for g in groups if any(slot.product_id == product.id for slot in slots_of(session, g))]
    return (showing or [g for g in groups if g.automatic] or groups)[0]


def _place(slots: list[DisplaySlot], position: int, group: DisplayGroup) -> DisplaySlot:
    if position == LAST and slots:
        return slots[-1]
    for slot in slots:
        if slot.position == position:
            return slot
    last = slots[-1].position if slots else 0
    raise InvalidInput(
        "the group has no such place", code="position_out_of_range", position=position, last=last, group=group.name
    )


def _arrange(slots: list[DisplaySlot], place: DisplaySlot, product_id: str) -> tuple[dict[str, str | None], str | None]:
    """Slot id -> product after the move, and the product that falls out."""
    free = [s for s in slots if s is not place and (not s.pinned or s.product_id == product_id)]
    before_place = [s.product_id for s in slots if s.position < place.position and _moves(s, product_id)]
    from_place = [s.product_id for s in slots if s.position >= place.position and _moves(s, product_id)]
    fallen: str | None = None
    if len(before_place) + len(from_place) > len(free):  # the product is new to the group
        if None in from_place:
            from_place.remove(None)
        elif None in before_place:
            before_place.remove(None)
        else:
            fallen = from_place.pop()
    queue = [*before_place, *from_place]
    queue += [None] * (len(free) - len(queue))  # a product that stood in the group twice leaves a gap
    arranged = dict(zip((s.id for s in free), queue, strict=True))
    return {**arranged, place.id: product_id}, fallen


def _moves(slot: DisplaySlot, product_id: str) -> bool:
    return slot.product_id != product_id and not slot.pinned


def _slot_changes(
    slot: DisplaySlot, group: DisplayGroup, place: DisplaySlot, product: Product, arranged: dict[str, str | None]
) -> list[Change]:
    changes = []
    after = arranged.get(slot.id, slot.product_id)
    pinned = True if slot is place else slot.pinned and slot.product_id != product.id
    if after != slot.product_id:
        changes.append(Change("display_slot", slot.id, "product_id", slot.product_id, after, _label(group, slot)))
    if pinned != slot.pinned:
        changes.append(Change("display_slot", slot.id, "pinned", slot.pinned, pinned, _label(group, slot)))
    return changes


def _pin_effects(
    slots: list[DisplaySlot], group: DisplayGroup, place: DisplaySlot, product: Product,
    arranged: dict[str, str | None], fallen: str | None, names: dict[str, str],
) -> list[Effect]:  # fmt: skip
    at = next((slot for slot in slots if slot.product_id == product.id), None)
    where = {"product": product.name, "group": group.name}
    effects = [
        Effect(
            "display_pinned",
            {
                **where,
                "product_id": product.id,
                "position": place.position,
                "from_position": at.position if at else None,
            },
        )
    ]
    rows = [
        {"position": s.position, "before": names.get(s.product_id or ""), "after": names.get(arranged[s.id] or "")}
        for s in slots
        if s.id in arranged and arranged[s.id] != s.product_id
    ]
    if rows:
        effects.append(Effect("display_moves", {"group": group.name, "rows": rows}))
    if fallen:
        effects.append(Effect("display_falls_out", {"product": names.get(fallen), "group": group.name}))
    if at is not None and at.pinned:
        effects.append(Effect("display_pin_released", {**where, "position": at.position}))
    if product.status is SaleStatus.SOLD_OUT:
        effects.append(Effect("product_sold_out", {"product": product.name}))
    effects.append(Effect("display_kept" if group.automatic else "display_not_automatic", {"group": group.name}))
    return effects


def _label(group: DisplayGroup, slot: DisplaySlot) -> str:
    return f"{group.name} {slot.position}"


register(PlanKind("display.pin", PinParams, propose_pin))
register(PlanKind("display.unpin", UnpinParams, propose_unpin))

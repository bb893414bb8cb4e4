"""Arranges the automatic groups of the main page; pinned products stay where they are (source: 000).

A product is shown once: groups are filled by number, and what is pinned anywhere is not placed again.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log2
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.display.models import DisplayGroup, DisplaySlot
from backend.operations.catalogue.main_display.reactions import Reaction, Rules, reactions
from backend.products.models import Product, SaleStatus

NO_REACTION = Reaction()


@dataclass
class Placed:
    """One slot before and after, and why."""

    slot: DisplaySlot
    before: Product | None
    after: Product | None
    reason: str  # pinned | orders | views | keeps_place
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return (self.before.id if self.before else None) != (self.after.id if self.after else None)


@dataclass
class Arrangement:
    """One group; `gain_percent` compares the reactions shown, places further up counting more. None: nothing counted before."""

    group: DisplayGroup
    placed: list[Placed]
    gain_percent: float | None
    worth_it: bool


def arrange(session: Session, shop_id: str, today: date, rules: Rules) -> list[Arrangement]:
    """Every automatic group in order of its number; a group not worth changing is returned as it stands."""
    groups = list(session.scalars(
        select(DisplayGroup).where(DisplayGroup.shop_id == shop_id, DisplayGroup.automatic).order_by(DisplayGroup.number)
    ))  # fmt: skip
    slots = list(session.scalars(
        select(DisplaySlot).where(DisplaySlot.shop_id == shop_id).order_by(DisplaySlot.group_id, DisplaySlot.position)
    ))  # fmt: skip
    found = reactions(session, shop_id, today, rules)
    shown = {slot.product_id for slot in slots if slot.product_id}
    products = _candidates(session, shop_id, {*found, *shown})
    used = {slot.product_id for slot in slots if slot.pinned and slot.product_id}
    ranked = sorted(products.values(), key=lambda p: _rank_key(p, found, shown))
    arranged = []
    for group in groups:
        own = [slot for slot in slots if slot.group_id == group.id]
        made = _fill(group, own, ranked, products, found, used, today, rules)
        used |= {placed.after.id for placed in made.placed if placed.after}
        arranged.append(made)
    return arranged


def sellable(product: Product | None) -> bool:
    return product is not None and product.status is SaleStatus.ON_SALE


def _candidates(session: Session, shop_id: str, ids: set[str]) -> dict[str, Product]:
    """Only what got a reaction or is shown now: the rest has nothing to be ranked by."""
    query = select(Product).where(Product.shop_id == shop_id)
    return {p.id: p for p in session.scalars(query) if p.id in ids}


def _rank_key(product: Product, found: dict[str, Reaction], shown: set[str]) -> tuple[float, int, bool, int, str]:
    """Popularity first, whatever the age; among equals what is shown already, then the newer one."""
    reaction = found.get(product.id, NO_REACTION)
    return -reaction.score, -reaction.orders, product.id not in shown, -product.registered_on.toordinal(), product.code


def _fill(
    group: DisplayGroup, slots: list[DisplaySlot], ranked: list[Product], products: dict[str, Product],
    found: dict[str, Reaction], used: set[str], today: date, rules: Rules,
) -> Arrangement:  # fmt: skip
    days = rules.registered_within_days.get(group.number)
    own = {slot.product_id for slot in slots}
    free = [p for p in ranked if sellable(p) and p.id not in used and (p.id in found or p.id in own)]
    if days is not None:
        since = today - timedelta(days=days)
        free.sort(key=lambda p: p.registered_on < since)  # stable: recent ones first, each half by popularity
    rank = {product.id: place for place, product in enumerate(ranked, 1)}
    queue = iter(free)
    placed = []
    for slot in slots:
        before = products.get(slot.product_id or "")
        after = before if slot.pinned else next(queue, None)
        placed.append(_reasoned(slot, before, after, found, rank, rules))
    gain = _gain(placed, found)
    must = any(p.changed and (p.before is None or not sellable(p.before) or p.before.id in used) for p in placed)
    worth_it = any(p.changed for p in placed) and (must or gain is None or gain >= rules.min_gain_percent)
    if not worth_it:
        placed = [_reasoned(p.slot, p.before, p.before, found, rank, rules) for p in placed]
    return Arrangement(group, placed, gain, worth_it)


def _reasoned(
    slot: DisplaySlot, before: Product | None, after: Product | None,
    found: dict[str, Reaction], rank: dict[str, int], rules: Rules,
) -> Placed:  # fmt: skip
    reaction = found.get(after.id, NO_REACTION) if after else NO_REACTION
    reason = "pinned" if slot.pinned else "orders" if reaction.orders else "views" if reaction.views else "keeps_place"
    evidence = {**reaction.as_json(), "rank": rank.get(after.id) if after else None, "window_days": rules.window_days}
    return Placed(slot, before, after, reason, evidence)


def _gain(placed: list[Placed], found: dict[str, Reaction]) -> float | None:
    before = after = 0.0
    for at, one in enumerate(placed, 1):
        attention = 1 / log2(at + 1)
        if one.before and sellable(one.before):
            before += attention * found.get(one.before.id, NO_REACTION).score
        if one.after and sellable(one.after):
            after += attention * found.get(one.after.id, NO_REACTION).score
    if before == 0:
        return None if after > 0 else 0.0
    return round((after / before - 1) * 100, 1)

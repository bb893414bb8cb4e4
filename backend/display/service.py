"""The display groups of a shop and who stands where in them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.display.models import DisplayGroup, DisplaySlot
from backend.display.schemas import DisplayGroupOut, SlotOut
from backend.errors import NotFound
from backend.products.models import Product


def groups_of(session: Session, shop_id: str) -> list[DisplayGroup]:
    query = select(DisplayGroup).where(DisplayGroup.shop_id == shop_id).order_by(DisplayGroup.number)
    return list(session.scalars(query))


def slots_of(session: Session, group: DisplayGroup) -> list[DisplaySlot]:
    query = select(DisplaySlot).where(DisplaySlot.group_id == group.id).order_by(DisplaySlot.position)
    return list(session.scalars(query))


def group_named(session: Session, shop_id: str, wanted: str) -> DisplayGroup:
    """By id, Cafe24 number or name ignoring spaces; NotFound `group_not_found` otherwise."""
    key = "".join(wanted.split()).casefold()
    for group in groups_of(session, shop_id):
        if wanted in (group.id, str(group.number)) or "".join(group.name.split()).casefold() == key:
            return group
    raise NotFound("no such display group in this shop", code="group_not_found", group=wanted)


def names_of(session: Session, shop_id: str, product_ids: set[str | None]) -> dict[str, str]:
    ids = [product_id for product_id in product_ids if product_id]
    rows = session.execute(select(Product.id, Product.name).where(Product.shop_id == shop_id, Product.id.in_(ids)))
    return dict(rows.tuples().all())


def slots_shown(session: Session, shop_id: str) -> list[tuple[DisplaySlot, Product | None]]:
    """Every place of the main page in order, with what stands in it."""
    query = (
        select(DisplaySlot, Product)
        .outerjoin(Product, Product.id == DisplaySlot.product_id)
        .where(DisplaySlot.shop_id == shop_id)
        .order_by(DisplaySlot.position)
    )
    return [(slot, product) for slot, product in session.execute(query)]


def display_of(session: Session, shop_id: str) -> list[DisplayGroupOut]:
    slots: dict[str, list[SlotOut]] = {}
    for slot, product in slots_shown(session, shop_id):
        slots.setdefault(slot.group_id, []).append(_slot_out(slot, product))
    return [
        DisplayGroupOut(
            id=group.id, number=group.number, name=group.name, automatic=group.automatic, slots=slots.get(group.id, [])
        )
        for group in groups_of(session, shop_id)
    ]


def _slot_out(slot: DisplaySlot, product: Product | None) -> SlotOut:
    return SlotOut(
        position=slot.position,
        product_id=slot.product_id,
        code=product.code if product else None,
        name=product.name if product else None,
        status=product.status if product else None,
        pinned=slot.pinned,
    )

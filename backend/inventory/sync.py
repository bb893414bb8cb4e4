"""The stock list follows the mall's products: new ones and new options are added, new names taken over (source: 002).

With product_sync on it happens by itself; a person's own sync also brings back what was taken out of the list, with the
mall's quantity where mall_quantity_sync is on. Names in product_update_excluded are left alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as combinations
from typing import Any

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.inventory import ledger
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState, MovementReason
from backend.inventory_settings.read import values_of
from backend.kit.ids import new_id
from backend.products.models import Product

SETTINGS = ("product_sync", "mall_quantity_sync", "product_update_excluded")


@dataclass
class OutOfStep:
    """What a sync would do: rows to add, (item, new name) and items to bring back."""

    new: list[dict[str, Any]] = field(default_factory=list)
    renamed: list[tuple[StockItem, str]] = field(default_factory=list)
    gone: list[StockItem] = field(default_factory=list)
    excluded: int = 0


def options_of(attributes: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every option of a product as {"색상": "블랙", "사이즈": "M"}: attributes with several values are its choices."""
    choices = {kind: values for kind, values in attributes.items() if isinstance(values, list) and values}
    return [dict(zip(choices, map(str, chosen), strict=True)) for chosen in combinations(*choices.values())] or [{}]


def out_of_step(session: Session, shop_id: str, products: Sequence[Product], excluded: Sequence[str]) -> OutOfStep:
    found = OutOfStep()
    known: dict[str, list[StockItem]] = {}
    ids = [product.id for product in products]
    for some in (ids[at : at + 500] for at in range(0, len(ids), 500)):
        query = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.product_id.in_(some))
        for item in session.scalars(query.order_by(StockItem.code)):
            known.setdefault(str(item.product_id), []).append(item)
    for product in products:
        if any(word in product.name for word in excluded):
            found.excluded += 1
            continue
        own = known.get(product.id, [])
        for item in own:
            name = _name(product.name, item.option_name)
            if item.name != name:
                found.renamed.append((item, name))
            if item.state is ItemState.REMOVED:
                found.gone.append(item)
        found.new += _missing(product, own)
    return found


def _missing(product: Product, own: Sequence[StockItem]) -> Iterator[dict[str, Any]]:
    number = max((int(tail) for item in own if (tail := item.code.rpartition("-")[2]).isdigit()), default=0)
    for options in options_of(product.attributes):
        if any(item.options == options for item in own):
            continue
        number += 1
        option = " / ".join(options.values()) or None
        yield {
            "code": f"{product.code}-{number:02d}", "product_id": product.id, "name": _name(product.name, option),
            "option_name": option, "options": options, "tags": [],
        }  # fmt: skip


def _name(product: str, option: str | None) -> str:
    return f"{product} / {option}" if option else product


def sync_products(
    session: Session,
    shop_id: str,
    product_ids: Sequence[str] | None = None,
    quantities: Mapping[str, int] | None = None,
) -> int:
    """Without a person: adds and renames, and tells how many; nothing while product_sync is off.

    `quantities` is what the mall says may be sold, by item code; new items start with it where mall_quantity_sync is on.
    """
    take_turn(session, [shop_id])
    settings = values_of(session, shop_id, *SETTINGS)
    if not settings["product_sync"]:
        return 0
    query = select(Product).where(Product.shop_id == shop_id).order_by(Product.code)
    if product_ids is not None:
        query = query.where(Product.id.in_(product_ids))
    steps = out_of_step(session, shop_id, list(session.scalars(query)), settings["product_update_excluded"])
    quantities = quantities or {}
    rows = [
        {"id": new_id("itm"), "shop_id": shop_id, "mall_quantity": quantities.get(row["code"]), **row}
        for row in steps.new
    ]
    if rows:
        session.execute(insert(StockItem), rows)
    for item, name in sorted(steps.renamed, key=lambda pair: pair[0].id):
        named = update(StockItem).where(StockItem.id == item.id).values(name=name, version=StockItem.version + 1)
        session.execute(named)
    if settings["mall_quantity_sync"]:
        _take_over(session, shop_id, [row for row in rows if row["mall_quantity"]])
    return len(rows) + len(steps.renamed)


def _take_over(session: Session, shop_id: str, rows: Sequence[dict[str, Any]]) -> None:
    for row in sorted(rows, key=lambda row: row["id"]):
        why = ledger.Why(MovementReason.CORRECT, "sync", row["product_id"], key=f"sync:{row['id']}")
        ledger.post(session, pro_actor(shop_id), row["id"], row["mall_quantity"], why)


def sync_due() -> int:
    """Every shop's products that the stock list does not know as they are; how many items were added or renamed."""
    name = Product.name
    same = or_(
        (StockItem.option_name.is_(None)) & (StockItem.name == name),
        StockItem.name == name + " / " + StockItem.option_name,
    )
    with unit_of_work(write=False) as session:
        counted = (
            select(Product.shop_id, Product.id)
            .outerjoin(StockItem, StockItem.product_id == Product.id)
            .group_by(Product.shop_id, Product.id)
            .having(or_(func.count(StockItem.id) == 0, func.count(StockItem.id) != func.sum(case((same, 1), else_=0))))
        )
        wanted: dict[str, list[str]] = {}
        for shop_id, product_id in session.execute(counted):
            wanted.setdefault(shop_id, []).append(product_id)
    done = 0
    for shop_id, product_ids in wanted.items():
        with unit_of_work() as session:
            for at in range(0, len(product_ids), 500):
                done += sync_products(session, shop_id, product_ids[at : at + 500])
    return done

"""What is known about an item beside its stock: safety quantity, tags, barcode, place, supplier, cost, customs data."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import Conflict, InvalidInput, NotFound
from backend.inventory.adjust import LARGEST, items_by_id
from backend.inventory.barcode_digits import check_barcode
from backend.inventory.customs_data import REFUSED, customs_value
from backend.inventory.models import StockItem, Supplier
from backend.inventory.states import ItemState
from backend.inventory_settings.read import value_of
from backend.plans.kinds import PlanKind, Proposal, register

Ids = Annotated[list[str], Field(min_length=1, max_length=100)]
Short = Annotated[str, Field(max_length=100)]
Tags = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)]
#: an empty text takes the value away
PLAIN = ("safety", "mall_quantity", "location", "cost", "weight_g")
#: of one item alone
OF_ONE = ("barcode",)


class UpdateParams(BaseModel):
    """What is not said stays. `tags` replaces them, `add_tags` and `remove_tags` change them."""

    item_ids: Ids
    safety: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    tags: Tags | None = None
    add_tags: Tags = []
    remove_tags: Tags = []
    barcode: Annotated[str, Field(max_length=48)] | None = None
    location: Short | None = None
    supplier_id: str | None = None
    mall_quantity: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    cost: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    english_name: Short | None = None
    hs_code: Annotated[str, Field(max_length=15)] | None = None
    origin_country: Annotated[str, Field(max_length=40)] | None = None
    weight_g: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


def propose_update(session: Session, actor: Actor, params: UpdateParams) -> Proposal:
    """Raises NotFound `item_not_found`, `supplier_not_found`; InvalidInput `tag_unknown`, `barcode_check_digit`,
    `barcode_characters`, `english_name_invalid`, `hs_code_invalid`, `country_invalid`; Conflict `barcode_taken`."""
    actor.require(Permission.STOCK_MOVE)
    items = items_by_id(session, actor, params.item_ids)
    wished = _wished(session, actor, params)
    changes = []
    for item_id in dict.fromkeys(params.item_ids):
        item = items[item_id]
        for field, value in {**wished, **_tags(session, actor, params, item)}.items():
            before = getattr(item, field)
            if before != value:
                changes.append(Change("stock_item", item.id, field, before, value, item.name))
    told = {"count": len({change.target_id for change in changes}), "item": items[params.item_ids[0]].name}
    return Proposal(changes, [Effect("item_updates", told)])


def _wished(session: Session, actor: Actor, params: UpdateParams) -> dict[str, Any]:
    said = params.model_dump(include=set(PLAIN), exclude_none=True)
    wished: dict[str, Any] = {field: None if value == "" else value for field, value in said.items()}
    if params.supplier_id is not None:
        wished["supplier_id"] = _supplier(session, actor, params.supplier_id)
    if params.barcode is not None:
        wished["barcode"] = _barcode(session, actor, params)
    for field in REFUSED:
        if (value := getattr(params, field)) is not None:
            wished[field] = customs_value(field, value)
    return wished


def _tags(session: Session, actor: Actor, params: UpdateParams, item: StockItem) -> dict[str, Any]:
    """Only words of the shop's own vocabulary (source: 002, 옵션태그); taking away an old one is always right."""
    if params.tags is None and not params.add_tags and not params.remove_tags:
        return {}
    vocabulary = list(value_of(session, actor.shop_id, "option_tags"))
    new = [*(params.tags or []), *params.add_tags]
    if unknown := sorted({tag for tag in new if tag not in vocabulary and tag not in item.tags}):
        raise _wrong("tags", "tag_unknown", tags=unknown, known=vocabulary)
    kept = item.tags if params.tags is None else params.tags
    return {"tags": [tag for tag in dict.fromkeys([*kept, *params.add_tags]) if tag not in params.remove_tags]}


def _supplier(session: Session, actor: Actor, supplier_id: str) -> str | None:
    if not supplier_id:
        return None
    supplier = session.get(Supplier, supplier_id)
    if supplier is None or supplier.shop_id != actor.shop_id or not supplier.active:
        raise NotFound("no such supplier in this shop", code="supplier_not_found")
    return supplier.id


def _barcode(session: Session, actor: Actor, params: UpdateParams) -> str | None:
    if len(set(params.item_ids)) > 1:
        raise _wrong("item_ids", "barcode_of_one")
    code = (params.barcode or "").strip()
    if not code:
        return None
    check_barcode(code)
    holder = session.scalars(
        select(StockItem).where(StockItem.shop_id == actor.shop_id, StockItem.barcode == code)
    ).first()
    if holder is not None and holder.id != params.item_ids[0]:
        raise Conflict("another item has it", code="barcode_taken", barcode=code, item=holder.name)
    return code


def _wrong(field: str, code: str, **data: Any) -> InvalidInput:
    return InvalidInput("that does not fit", code=code, fields=[{"field": field, "message": code}], **data)


class RemoveParams(BaseModel):
    item_ids: Ids


def propose_remove(session: Session, actor: Actor, params: RemoveParams) -> Proposal:
    """Out of the stock list; history stays, and a sync from the mall brings it back (source: 002, 상품정보 업데이트).

    Raises NotFound `item_not_found`, Conflict `item_promised` while orders hold some of it.
    """
    actor.require(Permission.STOCK_MOVE)
    items = items_by_id(session, actor, params.item_ids)
    held = [item for item in items.values() if item.reserved]
    if held:
        raise Conflict(
            "orders hold some of it",
            code="item_promised",
            item=held[0].name,
            reserved=held[0].reserved,
            count=len(held),
        )
    changes = [
        Change("stock_item", item.id, "state", item.state.value, ItemState.REMOVED.value, item.name)
        for item in sorted(items.values(), key=lambda item: item.id)
    ]
    left = sum(item.stocked for item in items.values())
    return Proposal(changes, [Effect("items_leave_list", {"count": len(items), "stocked": left})])


register(PlanKind("item.update", UpdateParams, propose_update))
register(PlanKind("item.remove", RemoveParams, propose_remove))

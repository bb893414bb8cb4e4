"""The plan kinds `gift_rule.create` and `gift_rule.stop`: which orders a gift goes along with (source: 002, 사은품)."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.registry import to_json
from backend.errors import NotFound, NothingToChange
from backend.inventory.models import StockItem
from backend.orders.chosen import Ref
from backend.orders.match import item_named
from backend.orders.models import GiftRule
from backend.orders.schemas import GiftRuleOut
from backend.plans.kinds import PlanKind, Proposal, register
from backend.products.service import names, product_named


class CreateParams(BaseModel):
    """Orders of at least `min_amount` KRW, with any of these products (none named: any at all), in this time."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    item_id: Ref
    quantity: Annotated[int, Field(ge=1, le=100)] = 1
    min_amount: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    product_ids: Annotated[list[Ref], Field(max_length=100)] = []
    starts_on: date | None = None
    ends_on: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "CreateParams":
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise ValueError("it ends before it starts")
        return self


class StopParams(BaseModel):
    rule_id: Ref


def propose_create(session: Session, actor: Actor, params: CreateParams) -> Proposal:
    """Raises NotFound `item_not_found`, `product_not_found`. Orders that are paid already get nothing afterwards."""
    actor.require(Permission.ORDERS_HANDLE)
    item = item_named(session, actor.shop_id, params.item_id)
    products = []
    for wanted in params.product_ids:
        product = product_named(session, actor.shop_id, wanted)
        if product is None:
            raise NotFound("no such product in this shop", code="product_not_found")
        products.append(product)
    after = {
        "name": params.name.strip(), "item_id": item.id, "quantity": params.quantity, "min_amount": params.min_amount,
        "product_ids": [product.id for product in products], "starts_on": to_json(params.starts_on),
        "ends_on": to_json(params.ends_on), "active": True,
    }  # fmt: skip
    told = {
        "item": item.name, "quantity": params.quantity, "min_amount": params.min_amount,
        "products": [product.name for product in products], "starts_on": to_json(params.starts_on),
        "ends_on": to_json(params.ends_on),
    }  # fmt: skip
    return Proposal([create("gift_rule", after, params.name.strip())], [Effect("gift_goes_along", told)])


def propose_stop(session: Session, actor: Actor, params: StopParams) -> Proposal:
    """Raises NotFound `gift_rule_not_found`, NothingToChange `gift_rule_stopped`. Gifts given already stay."""
    actor.require(Permission.ORDERS_HANDLE)
    rule = session.get(GiftRule, params.rule_id)
    if rule is None or rule.shop_id != actor.shop_id:
        raise NotFound("no such gift rule in this shop", code="gift_rule_not_found")
    if not rule.active:
        raise NothingToChange("it is stopped", code="gift_rule_stopped", name=rule.name)
    return Proposal(
        [Change("gift_rule", rule.id, "active", True, False, rule.name)], [Effect("gift_stops", {"name": rule.name})]
    )


def gift_rules(session: Session, shop_id: str) -> list[GiftRuleOut]:
    """Those in use first."""
    query = (
        select(GiftRule, StockItem)
        .join(StockItem, StockItem.id == GiftRule.item_id)
        .where(GiftRule.shop_id == shop_id)
        .order_by(GiftRule.active.desc(), GiftRule.id)
    )
    rows = session.execute(query).tuples().all()
    called = names(session, shop_id, [product for rule, _ in rows for product in rule.product_ids])
    return [
        GiftRuleOut(
            id=rule.id, name=rule.name, item_id=item.id, item=item.name, quantity=rule.quantity, min_amount=rule.min_amount,
            products=[called[one] for one in rule.product_ids if one in called], starts_on=rule.starts_on,
            ends_on=rule.ends_on, active=rule.active, available=item.available,
        )
        for rule, item in rows
    ]  # fmt: skip


register(PlanKind("gift_rule.create", CreateParams, propose_create))
register(PlanKind("gift_rule.stop", StopParams, propose_stop))

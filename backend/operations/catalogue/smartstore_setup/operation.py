"""A new SmartStore gets its pictures and display categories once; what the merchant has set is never touched (source: 000)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.images.store import ensure
from backend.markets.codes import Market
from backend.markets.put_back import Restored, is_restored, restored_creations, restored_values
from backend.markets.storefront import FIELDS, StoreProfile, store_profile
from backend.operations.catalogue.smartstore_setup.categories import display_categories, own_paths
from backend.operations.catalogue.smartstore_setup.paint import picture_path, store_picture
from backend.operations.catalogue.smartstore_setup.rules import Rules
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan", "prepare"]

_MARKET = Market.SMARTSTORE
PICTURES = ("profile_image", "banner_pc", "banner_mobile")


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each thing the store lacks; categories need products to come from."""
    rules = Rules.model_validate(config.rules)
    row = store_profile(session, shop.id, _MARKET)
    target = row.id if row else _MARKET.value
    found = []
    for field in _missing(session, shop, row):
        if field == "display_categories":
            paths = own_paths(session, shop.id)
            wished = display_categories(paths, rules.category_depth, rules.categories_max)
            evidence: dict[str, Any] = {"categories": len(wished), "products": len(paths)}
            if not wished:
                continue
        else:
            width, height = _size(rules, field)
            evidence = {"brand": _label(shop), "width": width, "height": height}
        found.append(Finding(f"{field}_missing", "store_profile", target, _label(shop), {"field": field, **evidence}))
    return found


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """Pictures are called by what they are drawn from, so the plan is known before they are drawn."""
    rules = Rules.model_validate(config.rules)
    wished = {
        finding.evidence["field"]: _wished(session, shop, finding.evidence["field"], rules) for finding in findings
    }
    rule = {
        "code": "new_store_once", "market": _MARKET.value, "brand": shop.brand_name,
        "pictures": sum(field in wished for field in PICTURES),
        "categories": len(wished.get("display_categories", ())),
    }  # fmt: skip
    if not findings:
        return RunPlan([], rule)
    row, label = store_profile(session, shop.id, _MARKET), _label(shop)
    if row is None:
        return RunPlan([create("store_profile", {"market": _MARKET.value, **wished}, label)], rule)
    changes = [
        Change("store_profile", row.id, field, getattr(row, field), after, label) for field, after in wished.items()
    ]
    return RunPlan(changes, rule)


def prepare(market: Market | None, changes: Sequence[Change], config: OperationConfig) -> None:
    """Draws the pictures the changes point to; the changes are labelled with the brand."""
    rules = Rules.model_validate(config.rules)
    for change in changes:
        values = change.after if change.op == "create" else {change.field: change.after}
        for field in PICTURES:
            if path := values.get(field):
                ensure(path, partial(store_picture, change.label, *_size(rules, field)))


def _missing(session: Session, shop: Shop, row: StoreProfile | None) -> list[str]:
    """Empty fields, without those the merchant emptied again."""
    if row is None:
        return list(FIELDS)
    restored: Restored = restored_values(session, shop.id, "store_profile")
    taken_down = restored_creations(session, shop.id, "store_profile").get(row.id, {})
    return [
        field
        for field in FIELDS
        if not getattr(row, field)
        and not taken_down.get(field)
        and not is_restored(restored, row.id, field, getattr(row, field))
    ]


def _wished(session: Session, shop: Shop, field: str, rules: Rules) -> Any:
    if field == "display_categories":
        return display_categories(own_paths(session, shop.id), rules.category_depth, rules.categories_max)
    return picture_path(shop.mall_id, _label(shop), *_size(rules, field))


def _label(shop: Shop) -> str:
    """The store by its brand, as the pictures write it."""
    return (shop.brand_name or "").strip() or shop.name


def _size(rules: Rules, field: str) -> tuple[int, int]:
    return {"profile_image": rules.profile, "banner_pc": rules.banner_pc, "banner_mobile": rules.banner_mobile}[field]

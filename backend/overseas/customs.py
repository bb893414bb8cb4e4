"""What a customs form still lacks: the same answer explains an order, and keeps its parcel from being labelled."""

from collections.abc import Sequence
from typing import Any

from backend.inventory.models import StockItem
from backend.overseas.countries import HOME, needs_of


def missing_data(country: str, items: Sequence[StockItem]) -> list[dict[str, Any]]:
    """[{item_id, code, item, missing: [column]}] of the articles that cannot be declared for that country."""
    if country == HOME:
        return []
    lacking = []
    for item in {item.id: item for item in items}.values():
        missing = [name for name in needs_of(country) if not (getattr(item, name) or "").strip()]
        if missing:
            lacking.append({"item_id": item.id, "code": item.code, "item": item.name, "missing": missing})
    return lacking

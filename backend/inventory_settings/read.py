"""What a shop's setting holds now: its own value, or the default."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.inventory_settings.catalogue import SETTINGS, AllocationBasis
from backend.inventory_settings.models import InventorySetting


def value_of(session: Session, shop_id: str, key: str) -> Any:
    """In the setting's own type; raises KeyError for a key that is none."""
    return values_of(session, shop_id, key)[key]


def values_of(session: Session, shop_id: str, *keys: str) -> dict[str, Any]:
    """Several in one query; all of them when no key is named. A row with an empty value was set and put back."""
    wanted = {key: SETTINGS[key] for key in keys or SETTINGS}
    table: Any = InventorySetting.__table__.c
    query = select(table.key, table.value).where(table.shop_id == shop_id, among(table.key, wanted))
    kept: dict[str, dict[str, Any]] = dict(session.execute(query).tuples().all())
    return {
        key: setting.adapter.validate_python(kept[key]["value"]) if "value" in kept.get(key, {}) else setting.default
        for key, setting in wanted.items()
    }


def allocation_is_limited(session: Session, shop_id: str) -> bool:
    """Whether only stock that is there may be promised (source: 002, 재고할당 및 차감기준)."""
    return bool(value_of(session, shop_id, "allocation_basis") is AllocationBasis.CURRENT)

"""A setting's row may be changed; what follows from its new value follows in the same transaction, undone or not."""

from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.change import Change
from backend.changes.registry import Target
from backend.inventory_settings.catalogue import SETTINGS
from backend.inventory_settings.consequences import follow
from backend.inventory_settings.models import InventorySetting
from backend.kit import clock


def _written(session: Session, actor: Actor, row: InventorySetting, change: Change) -> None:
    row.changed_at = clock.now()
    follow(session, actor, row.key)


def _right(row: InventorySetting) -> Permission:
    owners = SETTINGS[row.key].owner_only
    return Permission.INVENTORY_SETTINGS_OWN if owners else Permission.INVENTORY_SETTINGS_CHANGE


def _unset(_: Any) -> dict[str, Any]:
    """An empty value is none: the default holds again, whatever it will be."""
    return {"value": {}}


registry.register("inventory_setting", Target(
    InventorySetting, frozenset({"value"}), "ivs", undo_create=_unset, undo_right=_right, written=_written,
))  # fmt: skip

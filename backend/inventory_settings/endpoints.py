"""GET the settings of stock, orders and CS, and which of them a sentence speaks of."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.inventory_settings import find
from backend.inventory_settings.catalogue import Section
from backend.inventory_settings.change import setting_named
from backend.inventory_settings.schemas import Found, SettingOut
from backend.inventory_settings.service import settings_of
from backend.openapi import problems

router = APIRouter(prefix="/inventory/settings", tags=["inventory settings"], route_class=InOneStep)


@router.get("")
def read_settings(actor: MemberActor, session: ReadSession, section: Section | None = None) -> list[SettingOut]:
    actor.require(Permission.SHOP_READ)
    return settings_of(session, actor, section)


@router.get("/find", responses=problems(404))
def find_settings(actor: MemberActor, text: Annotated[str, Query(max_length=500)], key: str | None = None) -> Found:
    """Which setting a sentence speaks of, and what it wants of it; with `key` only what it wants of that one."""
    actor.require(Permission.SHOP_READ)
    if key is not None:
        return Found(settings=[find.wish_for(setting_named(key).key, text)], section=None)
    return find.found(text)


@router.get("/{setting}")
def read_setting(setting: str, actor: MemberActor, session: ReadSession) -> SettingOut:
    actor.require(Permission.SHOP_READ)
    return settings_of(session, actor, key=setting_named(setting).key)[0]

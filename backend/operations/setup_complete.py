"""The plan kind `setup.complete`: the owner finishes a required setting, and what waited for it may run (source: 000)."""

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.registry import to_json
from backend.changes.sentinels import NOW
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.operations.catalogue.loader import operations
from backend.plans.kinds import PlanKind, Proposal, register
from backend.shops import setup, values
from backend.shops.models import Shop
from backend.shops.required import SetupKey

NAME_LIMIT, INTRO_LIMIT = 50, 200
K = SetupKey


class SetupParams(BaseModel):
    """`value`: the number, address or channel; for brand_info the introduction, or {"name", "intro"}."""

    item: str = Field(max_length=60)
    value: str | dict[str, str] | None = None


def propose(session: Session, actor: Actor, params: SetupParams) -> Proposal:
    """Raises unknown_setup, setup_elsewhere, setup_value_missing, setup_value_invalid, setup_needs_first, setup_already_done."""
    key = read_key(params.item)
    actor.require(Permission.SETUP_COMPLETE)
    shop = session.get_one(Shop, actor.shop_id)
    item = setup.check(session, shop, key)
    if key is K.MARKET_ACCOUNT:
        if item.done:
            raise _already(item)
        raise InvalidInput("linked in MarketPlus itself", code="setup_elsewhere", item=key.value, fix=item.fix)
    if key is K.MARKETPLUS and shop.pro_app_installed_at is None:
        raise Conflict("the PRO app comes first", code="setup_needs_first", item=key.value, first=K.PRO_APP.value)
    if item.done and params.value is None:
        raise _already(item)
    columns = _columns(key, params.value, shop)
    changes = [
        Change("shop", shop.id, column, to_json(getattr(shop, column)), after, shop.name)
        for column, after in columns.items() if to_json(getattr(shop, column)) != after
    ]  # fmt: skip
    if item.done and all(change.after == NOW for change in changes):
        raise _already(item)
    said = {column: after for column, after in columns.items() if after != NOW}
    value = (said if len(said) > 1 else next(iter(said.values()))) if said else None
    effects = [Effect("setup_done", {"item": key.value, "value": value})]
    waiting = [o.key for o in operations().values() if key in o.config.asks_for]
    if waiting and not item.done:
        effects.append(Effect("setup_unlocks", {"item": key.value, "operations": waiting}))
    return Proposal(changes, effects)


def read_key(item: str) -> SetupKey:
    try:
        return SetupKey(item)
    except ValueError:
        raise InvalidInput(
            "no such setting", code="unknown_setup", item=item, items=[k.value for k in SetupKey]
        ) from None


def _already(item: setup.SetupItem) -> NothingToChange:
    return NothingToChange("it is done", code="setup_already_done", item=item.key.value, evidence=item.evidence)


def _columns(key: SetupKey, value: str | dict[str, str] | None, shop: Shop) -> dict[str, Any]:
    """Columns of the shop to write."""
    if key is K.PRO_APP:
        return {"pro_app_installed_at": NOW}
    if key is K.MARKETPLUS:
        return {"marketplus_linked_at": NOW}
    if not value:
        raise InvalidInput("a value is needed", code="setup_value_missing", item=key.value)
    if key is K.BRAND_INFO:
        return _brand(value, shop)
    text = value if isinstance(value, str) else ""
    if key is K.SENDER_NUMBER:
        return {"sender_number": _fitting(key, text, values.sender_number(text)), "sender_number_verified_at": NOW}
    if key is K.ALIMTALK_PROFILE:
        return {"alimtalk_profile": _fitting(key, text, values.channel_id(text))}
    return {"mail_sender": _fitting(key, text, values.mail_address(text))}


def _brand(value: str | dict[str, str], shop: Shop) -> dict[str, Any]:
    given = {"intro": value} if isinstance(value, str) else value
    name, intro = given.get("name") or shop.brand_name or shop.name, given.get("intro") or shop.brand_intro or ""
    return {
        "brand_name": _fitting(K.BRAND_INFO, name, values.words(name, NAME_LIMIT)),
        "brand_intro": _fitting(K.BRAND_INFO, intro, values.words(intro, INTRO_LIMIT)),
    }


def _fitting(key: SetupKey, given: str, read: str | None) -> str:
    if read is None:
        raise InvalidInput("that cannot be used", code="setup_value_invalid", item=key.value, value=given[:200])
    return read


register(PlanKind("setup.complete", SetupParams, propose))

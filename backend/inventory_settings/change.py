"""Changing a setting: the old and the new in words, what it does to what is there, and all of it again when undone."""

from typing import Any

from pydantic import Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import NOW
from backend.errors import Conflict, Forbidden, InvalidInput, NotFound, NothingToChange
from backend.inventory_settings.catalogue import SETTINGS, Setting
from backend.inventory_settings.edits import Edit, edited
from backend.inventory_settings.effects.registry import effects_of
from backend.inventory_settings.models import InventorySetting
from backend.inventory_settings.read import values_of
from backend.inventory_settings.shown import shown
from backend.inventory_settings.words import wire, words
from backend.plans.kinds import PlanKind, Proposal, register


class ChangeParams(Edit):
    """`also` changes further settings in the same breath ("임의재고 500으로": the basis and the number)."""

    key: str
    also: list[dict[str, Any]] = Field(default_factory=list, max_length=10)


def propose(session: Session, actor: Actor, params: ChangeParams) -> Proposal:
    """Raises NotFound `setting_unknown`, Forbidden `setting_owner_only`, Conflict `setting_needs`, NothingToChange
    `setting_already_so`, and what `edits.edited` raises."""
    wishes = [(params.key, Edit.model_validate(params.model_dump(exclude={"key", "also"}))), *map(_wish, params.also)]
    settings = [_allowed(actor, key) for key, _ in wishes]
    before = values_of(session, actor.shop_id)
    after = dict(before)
    for setting, (_, edit) in zip(settings, wishes, strict=True):
        after[setting.key] = edited(setting, after[setting.key], edit)
    keys = dict.fromkeys(key for key, _ in wishes)
    changed = [SETTINGS[key] for key in keys if after[key] != before[key]]
    if not changed:
        _already_so(settings[0], before)
    effects = []
    for setting in changed:
        effects += _needed(setting, after)
        effects.append(_said(setting, before, after))
        effects += effects_of(session, actor.shop_id, setting.key, before, after)
    return Proposal([setting_change(session, actor.shop_id, s, after[s.key]) for s in changed], effects)


def _wish(said: dict[str, Any]) -> tuple[str, Edit]:
    try:
        return str(said.get("key")), Edit.model_validate({k: v for k, v in said.items() if k != "key"})
    except ValidationError as error:
        raise InvalidInput("a wish like the first one", fields=[{"field": "also", "message": str(error)}]) from error


def setting_named(key: str) -> Setting:
    try:
        return SETTINGS[key]
    except KeyError:
        raise NotFound("no such setting", code="setting_unknown", key=key) from None


def _allowed(actor: Actor, key: str) -> Setting:
    setting = setting_named(key)
    actor.require(Permission.INVENTORY_SETTINGS_CHANGE)
    if setting.owner_only and not actor.may(Permission.INVENTORY_SETTINGS_OWN):
        raise Forbidden("the owner's alone", code="setting_owner_only", key=key, setting=words().settings[key].name)
    return setting


def _already_so(setting: Setting, before: dict[str, Any]) -> None:
    raise NothingToChange(
        "it holds that already", code="setting_already_so", key=setting.key,
        setting=words().settings[setting.key].name, value_shown=shown(setting.key, before[setting.key]),
    )  # fmt: skip


def _needed(setting: Setting, after: dict[str, Any]) -> list[Effect]:
    """What another setting must hold for this one to do anything."""
    need = setting.needs
    if need is None or need.holds(after[need.key]):
        return []
    data = {
        "key": setting.key, "setting": words().settings[setting.key].name,
        "needs": need.key, "needed": words().settings[need.key].name, "now": shown(need.key, after[need.key]),
    }  # fmt: skip
    if need.strict:
        raise Conflict("another setting comes first", code="setting_needs", **data)
    return [Effect("setting_waits_for", data)]


def _said(setting: Setting, before: dict[str, Any], after: dict[str, Any]) -> Effect:
    """The choice's own meaning, where it has one."""
    spoken = words().settings[setting.key]
    known = spoken.values.get(wire(after[setting.key])) if spoken.values else None
    added, gone = _elements(setting.key, before[setting.key], after[setting.key])
    return Effect("setting_changes", {
        "key": setting.key, "setting": spoken.name, "before": shown(setting.key, before[setting.key]),
        "after": shown(setting.key, after[setting.key]), "says": known.says if known else None,
        "added": added, "gone": gone,
    })  # fmt: skip


def _elements(key: str, before: Any, after: Any) -> tuple[list[str], list[str]]:
    """What a list has more and less, in words; nothing for what is no list."""
    if not isinstance(after, tuple):
        return [], []
    return [shown(key, (one,)) for one in after if one not in before], [
        shown(key, (one,)) for one in before if one not in after
    ]


def as_stored(setting: Setting, value: Any) -> dict[str, Any]:
    return {"value": setting.adapter.dump_python(value, mode="json")}


def setting_change(session: Session, shop_id: str, setting: Setting, value: Any) -> Change:
    """The row's new value, or the first row of this setting."""
    query = select(InventorySetting).where(InventorySetting.shop_id == shop_id, InventorySetting.key == setting.key)
    row = session.scalars(query.execution_options(populate_existing=True)).first()
    name, stored = words().settings[setting.key].name, as_stored(setting, value)
    if row is None:
        return create("inventory_setting", {"key": setting.key, "value": stored, "changed_at": NOW}, name)
    return Change("inventory_setting", row.id, "value", row.value, stored, name)


register(PlanKind("inventory_setting.change", ChangeParams, propose))

"""The settings of a shop as people see them."""

from collections.abc import Mapping
from enum import EnumType
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.audit.models import AuditEvent
from backend.inventory_settings.catalogue import SETTINGS, Section, Setting
from backend.inventory_settings.models import InventorySetting
from backend.inventory_settings.read import values_of
from backend.inventory_settings.schemas import ChoiceOut, NeedOut, PartOut, SettingOut
from backend.inventory_settings.shown import part_shown, shown
from backend.inventory_settings.words import PartWords, ValueWords, words

Changed = tuple[Any, str | None]  # when, by whom


def settings_of(
    session: Session, actor: Actor, section: Section | None = None, key: str | None = None
) -> list[SettingOut]:
    """In the order of the catalogue."""
    wanted = [s for s in SETTINGS.values() if section in (None, s.section) and key in (None, s.key)]
    values = values_of(session, actor.shop_id)
    changed = _changed(session, actor.shop_id)
    return [_out(setting, values, changed, actor) for setting in wanted]


def _out(setting: Setting, values: Mapping[str, Any], changed: Mapping[str, Changed], actor: Actor) -> SettingOut:
    spoken, value = words().settings[setting.key], values[setting.key]
    dump = setting.adapter.dump_python
    when, by = changed.get(setting.key, (None, None))
    right = Permission.INVENTORY_SETTINGS_OWN if setting.owner_only else Permission.INVENTORY_SETTINGS_CHANGE
    need = setting.needs
    kind = kind_of(setting)
    return SettingOut(
        section=setting.section, section_name=words().sections[setting.section], key=setting.key, name=spoken.name,
        meaning=spoken.meaning, kind=kind, value=dump(value, mode="json"),
        value_shown=shown(setting.key, value), default=dump(setting.default, mode="json"),
        default_shown=shown(setting.key, setting.default), is_default=value == setting.default,
        choices=_choices(spoken.values, setting.type is bool) or (_choices(_on_off(), True) if kind == "switch" else []),
        parts=[_part(key, spoken.parts[key], one) for key, one in value] if kind == "parts" else [],
        element=spoken.element, unit=spoken.unit, limits=spoken.limits, who="owner" if setting.owner_only else "everyone",
        may_change=actor.may(right), changed_at=when, changed_by=by,
        needs=NeedOut(key=need.key, name=words().settings[need.key].name, met=need.holds(values[need.key]), strict=need.strict)
        if need else None,
    )  # fmt: skip


def kind_of(setting: Setting) -> Any:
    """How a value of it is asked for and shown."""
    if setting.type is bool:
        return "switch"
    if isinstance(setting.type, EnumType):
        return "choice"
    if isinstance(setting.default, BaseModel):
        return "parts"
    if isinstance(setting.default, Mapping):
        return "forms"
    return "list" if isinstance(setting.default, tuple) else "number"


def _on_off() -> dict[str, ValueWords]:
    return {key: ValueWords(name) for key, name in words().bool.items()}


def _choices(values: Mapping[str, ValueWords], is_bool: bool) -> list[ChoiceOut]:
    return [
        ChoiceOut(
            value=key == "true" if is_bool else key, name=value.name, says=value.says, aliases=list(value.aliases)
        )
        for key, value in values.items()
    ]


def _part(key: str, part: PartWords, value: Any) -> PartOut:
    shown_so = part_shown(part, value) if not isinstance(value, tuple) else part.name
    plain = [area.model_dump() for area in value] if isinstance(value, tuple) else value
    choices = _choices(part.values, False) or (_choices(_on_off(), True) if isinstance(value, bool) else [])
    return PartOut(key=key, name=part.name, value=plain, value_shown=shown_so, unit=part.unit, choices=choices)


def _changed(session: Session, shop_id: str) -> dict[str, Changed]:
    """Of the settings that have a value of the shop's own: who wrote it last, by the audit."""
    rows = session.scalars(select(InventorySetting).where(InventorySetting.shop_id == shop_id)).all()
    own = {row.id: row for row in rows if "value" in row.value}
    events = session.execute(
        select(AuditEvent.target_id, AuditEvent.actor_name)
        .where(
            AuditEvent.shop_id == shop_id, AuditEvent.target_type == "inventory_setting", AuditEvent.target_id.in_(own)
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    ).tuples()
    by = dict(list(events))
    return {row.key: (row.changed_at, by.get(row_id)) for row_id, row in own.items()}

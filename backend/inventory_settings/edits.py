"""A new value out of the old one and a wish: the whole of it, one element more or less, or one part of several."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from backend.errors import InvalidInput, NothingToChange
from backend.inventory_settings.catalogue import LabelField, LabelForm, PostcodeRange, RemoteAreas, Setting
from backend.inventory_settings.shown import shown
from backend.inventory_settings.words import words

_RANGE = re.compile(r"(\d{5})\s*(?:[-~–]\s*(\d{5}))?\s*(.*)")


class Edit(BaseModel):
    """Exactly one of them: `value` the whole, `add`/`remove` one element of a list (a range as "63000-63644 name" or
    {start, end, name}; a courier's code for its label form), `part` some fields of a setting that has several,
    `reset` what held before anybody set it."""

    model_config = ConfigDict(extra="forbid")

    value: Any = None
    add: Any = None
    remove: Any = None
    part: dict[str, Any] | None = None
    reset: bool = False


def edited(setting: Setting, old: Any, edit: Edit) -> Any:
    """Raises InvalidInput `setting_value_wrong` (what was said, `problems` of its fields), `setting_edit_unclear` when
    not exactly one way was chosen; NothingToChange `setting_has_it` or `setting_lacks_it` for an element."""
    said = [way for way in ("value", "add", "remove", "part") if getattr(edit, way) is not None]
    if edit.reset:
        said.append("reset")
    if len(said) != 1:
        raise InvalidInput("one way to change it", code="setting_edit_unclear", key=setting.key, fields=said)
    how = said[0]
    if how == "reset":
        return setting.default
    if how == "value":
        return checked(setting, edit.value)
    return _WAYS[how](setting, old, getattr(edit, how))


def checked(setting: Setting, value: Any) -> Any:
    """In the setting's own type; names are trimmed and said once."""
    adapter: TypeAdapter[Any] = setting.adapter
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        value = _once([_element(setting, one) for one in value])
    try:
        return adapter.validate_python(value, strict=False) if _fits_bool(setting, value) else _wrong(setting, value)
    except ValidationError as error:
        problems = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        return _wrong(setting, value, problems)


def _fits_bool(setting: Setting, value: Any) -> bool:
    """1 is no "on": a number where a yes is asked is a mistake."""
    return setting.type is not bool or isinstance(value, bool)


def _wrong(setting: Setting, value: Any, problems: list[dict[str, str]] | None = None) -> Any:
    raise InvalidInput(
        "the setting cannot hold that", code="setting_value_wrong", key=setting.key,
        setting=words().settings[setting.key].name, limits=words().settings[setting.key].limits, said=value, problems=problems or [], fields=problems or [],
    )  # fmt: skip


def _plus(setting: Setting, old: Any, said: Any) -> Any:
    if isinstance(old, RemoteAreas):
        return _area_added(setting, old, _range(setting, said))
    if isinstance(old, Mapping):
        return _form_added(setting, old, said)
    one = _element(setting, said)
    if _place(old, one) is not None:
        raise _no_change("setting_has_it", setting, one)
    return checked(setting, [*_plain(old), one])


def _minus(setting: Setting, old: Any, said: Any) -> Any:
    if isinstance(old, RemoteAreas):
        return _area_taken_away(setting, old, _range(setting, said))
    if isinstance(old, Mapping):
        code = _courier(said)
        if code not in old:
            raise _no_change("setting_lacks_it", setting, code)
        return {key: form for key, form in old.items() if key != code}
    one = _element(setting, said)
    at = _place(old, one)
    if at is None:
        raise _no_change("setting_lacks_it", setting, one)
    return checked(setting, _plain(old[:at] + old[at + 1 :]))


def _some(setting: Setting, old: Any, part: dict[str, Any]) -> Any:
    if isinstance(old, Mapping):
        forms = {code: form.model_dump(mode="json") for code, form in old.items()}
        for code, fields in part.items():
            base = forms.get(_courier(code)) or LabelForm().model_dump(mode="json")
            forms[_courier(code)] = {**base, **fields} if isinstance(fields, dict) else fields
        return checked(setting, forms)
    if not isinstance(old, BaseModel):
        return _wrong(setting, part)
    return checked(setting, {**old.model_dump(mode="json"), **part})


_WAYS: dict[str, Callable[[Setting, Any, Any], Any]] = {"add": _plus, "remove": _minus, "part": _some}


def _area_added(setting: Setting, old: RemoteAreas, one: PostcodeRange) -> RemoteAreas:
    if _place(old.added, one) is not None:
        raise _no_change("setting_has_it", setting, one)
    removed = tuple(area for area in old.removed if not _same(area, one))
    if len(removed) < len(old.removed):  # it was taken away before: it counts again
        return RemoteAreas(added=old.added, removed=removed)
    return RemoteAreas(added=(*old.added, one), removed=removed)


def _area_taken_away(setting: Setting, old: RemoteAreas, one: PostcodeRange) -> RemoteAreas:
    added = tuple(area for area in old.added if not _same(area, one))
    if len(added) < len(old.added):
        return RemoteAreas(added=added, removed=old.removed)
    if _place(old.removed, one) is not None:
        raise _no_change("setting_lacks_it", setting, one)
    return RemoteAreas(added=added, removed=(*old.removed, one))


def _form_added(setting: Setting, old: Mapping[str, LabelForm], said: Any) -> Any:
    code = _courier(said)
    if code in old:
        raise _no_change("setting_has_it", setting, code)
    return checked(setting, {**{key: form.model_dump() for key, form in old.items()}, code: LabelForm().model_dump()})


def _element(setting: Setting, said: Any) -> Any:
    if setting.key == "disruption_regions":
        return _range(setting, said)
    if setting.key == "linked_couriers":
        return _courier(said)
    if setting.key == "label_products":
        return _field(setting, said)
    return " ".join(said.split()) if isinstance(said, str) else said


def _field(setting: Setting, said: Any) -> LabelField:
    try:
        return LabelField(said)
    except ValueError:
        return _wrong(setting, said)


def _range(setting: Setting, said: Any) -> PostcodeRange:
    if isinstance(said, PostcodeRange):
        return said
    if isinstance(said, str):
        found = _RANGE.fullmatch(said.strip())
        if found is None:
            _wrong(setting, said)
        else:
            start, end, name = found.groups()
            said = {"start": start, "end": end or start, "name": name.strip()}
    try:
        return PostcodeRange.model_validate(said)
    except ValidationError as error:
        problems = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        return _wrong(setting, said, problems)


def _courier(said: Any) -> str:
    """The code of a courier that is called so; what we do not know stays as it was said."""
    bare = str(said).replace(" ", "").lower()
    for code, known in words().couriers.items():
        if bare in (code, known.name.lower(), *known.aliases):
            return code
    return " ".join(str(said).split())


def _place(old: Any, one: Any) -> int | None:
    return next((at for at, known in enumerate(old) if _same(known, one)), None)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, PostcodeRange) and isinstance(other, PostcodeRange):
        return (one.start, one.end) == (other.start, other.end)
    first, second = (x.value if isinstance(x, Enum) else x for x in (one, other))
    return str(first).casefold().replace(" ", "") == str(second).casefold().replace(" ", "")


def _once(said: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for one in said:
        if _place(kept, one) is None:
            kept.append(one)
    return kept


def _plain(values: Any) -> list[Any]:
    return [value.model_dump() if isinstance(value, BaseModel) else value for value in values]


def _no_change(code: str, setting: Setting, one: Any) -> NothingToChange:
    said = shown(setting.key, (one,)) if not isinstance(one, str) or setting.key != "label_forms" else one
    return NothingToChange("nothing to change", code=code, key=setting.key, element=said,
                           setting=words().settings[setting.key].name)  # fmt: skip

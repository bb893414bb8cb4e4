"""A setting's value in people's words: "현재재고", "9,999개", "표시 사용함 · 기준 2일"."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from backend.inventory_settings.catalogue import LabelForm, PostcodeRange
from backend.inventory_settings.words import PartWords, SettingWords, ValueWords, wire, words

BETWEEN = " · "


def shown(key: str, value: Any) -> str:
    """In the setting's own type in, one line of Korean out."""
    return _said(words().settings[key], value)


def range_shown(area: PostcodeRange) -> str:
    postcodes = area.start if area.start == area.end else f"{area.start}~{area.end}"
    return f"{postcodes}({area.name})" if area.name else postcodes


def part_shown(part: PartWords, value: Any) -> str:
    return f"{part.name} {_simple(part.values, part.unit, value)}"


def _said(spoken: SettingWords, value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_element(spoken, one) for one in value) or words().none
    if isinstance(value, Mapping):
        forms = (f"{_courier(code)}({_parts(spoken, form)})" for code, form in value.items())
        return ", ".join(forms) or words().none
    if isinstance(value, BaseModel):
        return _parts(spoken, value)
    return _simple(spoken.values, spoken.unit, value)


def _element(spoken: SettingWords, one: Any) -> str:
    if isinstance(one, PostcodeRange):
        return range_shown(one)
    if isinstance(one, Enum):
        return spoken.values[wire(one)].name
    return _courier(one)


def _courier(code: str) -> str:
    known = words().couriers.get(code)
    return known.name if known else code


def _parts(spoken: SettingWords, value: BaseModel) -> str:
    """A label's size is said as one: "가로 123mm · 세로 100mm"; ranges of several parts by what they are."""
    said = []
    for field, one in value:
        part = spoken.parts[field]
        if isinstance(one, tuple):
            if one:
                said.append(f"{part.name} {', '.join(range_shown(area) for area in one)}")
        elif not (isinstance(value, LabelForm) and isinstance(one, bool) and not one):
            said.append(part_shown(part, one))
    return BETWEEN.join(said) or words().none


def _simple(values: Mapping[str, ValueWords], unit: str, value: Any) -> str:
    if not isinstance(value, bool) and isinstance(value, int | float):
        return f"{value:,}{unit}"
    known = values.get(wire(value))
    if known:
        return known.name
    return words().bool[wire(value)] if isinstance(value, bool) else str(value)

"""What the settings, their values and parts are called: `data/inventory_settings/settings.yml`, read once."""

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from backend.kit.wording import DATA
from backend.kit.yaml_file import read_yaml

FILE = DATA / "inventory_settings" / "settings.yml"


@dataclass(frozen=True)
class ValueWords:
    name: str
    says: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartWords:
    """One field of a setting that has several."""

    name: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    values: dict[str, ValueWords] = field(default_factory=dict)


@dataclass(frozen=True)
class SettingWords:
    """`element` is what one member of a list is called; `values` by the value as the wire says it; `limits` says what
    else it may hold, with an example."""

    name: str
    meaning: str
    aliases: tuple[str, ...]
    values: dict[str, ValueWords]
    parts: dict[str, PartWords]
    unit: str = ""
    element: str = ""
    limits: str = ""


@dataclass(frozen=True)
class Words:
    sections: dict[str, str]
    section_aliases: dict[str, tuple[str, ...]]
    settings: dict[str, SettingWords]
    couriers: dict[str, ValueWords]
    bool: dict[str, str]
    none: str
    said: dict[str, tuple[str, ...]]  # on, off, add, remove, reset: how people say it


@lru_cache
def words() -> Words:
    raw = read_yaml(FILE)
    return Words(
        raw["sections"],
        {key: tuple(value) for key, value in raw["section_aliases"].items()},
        {key: _setting(value) for key, value in raw["settings"].items()},
        _values(raw["couriers"]),
        raw["bool"],
        raw["none"],
        {key: tuple(value) for key, value in raw["words"].items()},
    )


def wire(value: Any) -> str:
    """A simple value as the keys of the file say it: "true", "unlimited"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value if isinstance(value, Enum) else value)


def _setting(raw: dict[str, Any]) -> SettingWords:
    parts = {
        key: PartWords(p["name"], p.get("unit", ""), tuple(p.get("aliases", ())), _values(p.get("values", {})))
        for key, p in raw.get("parts", {}).items()
    }
    return SettingWords(
        raw["name"], raw["meaning"], tuple(raw["aliases"]), _values(raw.get("values", {})), parts,
        raw.get("unit", ""), raw.get("element", ""), raw.get("limits", ""),
    )  # fmt: skip


def _values(raw: dict[str, Any]) -> dict[str, ValueWords]:
    return {key: ValueWords(v["name"], v.get("says"), tuple(v.get("aliases", ()))) for key, v in raw.items()}

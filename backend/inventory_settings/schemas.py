"""The wire shapes of settings."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from backend.inventory_settings.catalogue import Section


class ChoiceOut(BaseModel):
    """One value it may hold; `says` what that means, `aliases` how else people call it."""

    value: Any
    name: str
    says: str | None
    aliases: list[str] = []


class PartOut(BaseModel):
    """One field of a setting that has several."""

    key: str
    name: str
    value: Any
    value_shown: str
    unit: str
    choices: list[ChoiceOut]


class NeedOut(BaseModel):
    """`met`: what it needs is so now. Without `strict` it can be changed all the same."""

    key: str
    name: str
    met: bool
    strict: bool


class SettingOut(BaseModel):
    """`kind`: switch, choice, number, list, parts or forms (parts for each courier). `who`: everyone or owner;
    `limits` says
    what it may hold, with an example; `may_change` is about the person who asks. `changed_*` None: nobody has set it."""

    section: Section
    section_name: str
    key: str
    name: str
    meaning: str
    kind: Literal["switch", "choice", "number", "list", "parts", "forms"]
    value: Any
    value_shown: str
    default: Any
    default_shown: str
    is_default: bool
    choices: list[ChoiceOut]
    parts: list[PartOut]
    element: str
    unit: str
    limits: str
    who: Literal["everyone", "owner"]
    may_change: bool
    needs: NeedOut | None
    changed_at: datetime | None
    changed_by: str | None


class FoundSetting(BaseModel):
    """`edit` is what the sentence wants of it, as `inventory_setting.change` takes it (value, add, remove, part or
    reset); None when it says no value. `score` 0 to 1."""

    key: str
    name: str
    score: float
    edit: dict[str, Any] | None
    also: list[dict[str, Any]] = []


class Found(BaseModel):
    """`settings` best first, several when the sentence fits them alike; `section` when it speaks of a whole section."""

    settings: list[FoundSetting]
    section: Section | None


class ResetOut(BaseModel):
    """What `orders.reset` would take away, and the words to type for it."""

    phrase: str
    may: bool
    counts: dict[str, int]

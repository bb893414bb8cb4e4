"""One field of one thing, before and after: the unit in which everything is previewed, written and undone."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Change:
    """`op` is "set", or "create": then `field` is "*", `before` None and `after` the new row's columns.

    Values are JSON (dates and instants as ISO text). `label` names the target for a person.
    A created row gets its id when it is written, so `target_id` is empty until then.
    """

    target_type: str
    target_id: str
    field: str
    before: Any
    after: Any
    label: str = ""
    op: str = "set"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def create(target_type: str, after: dict[str, Any], label: str = "") -> Change:
    return Change(target_type, "", "*", None, after, label, "create")


def from_json(data: dict[str, Any]) -> Change:
    return Change(**data)


@dataclass
class Effect:
    """Something a person should know before confirming; the wording belongs to the templates."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)


def digest(changes: list[Change], effects: list[Effect]) -> str:
    body = {"changes": [c.as_json() for c in changes], "effects": [asdict(e) for e in effects]}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()

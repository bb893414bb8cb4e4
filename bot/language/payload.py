"""Button payloads: `/ops_off{"operation": "thumbnail"}` and, unlike stock Rasa, full names such as `/faq/market_scope`."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

_PAYLOAD = re.compile(r"/(?P<name>[a-z][a-z0-9_]*(?:/[a-z0-9_]+)?)(?:@[\d.]+)?\s*(?P<entities>\{.*\})?\s*", re.DOTALL)


class Payload(NamedTuple):
    """The intent a button stands for, and the entities it carries."""

    intent: str
    entities: list[dict[str, Any]]


def is_payload(text: str) -> bool:
    """Whether the text has the form of a button payload."""
    return _PAYLOAD.fullmatch(text.strip()) is not None


def read_payload(text: str) -> Payload | None:
    """The payload, or None when the text is an ordinary sentence; broken JSON counts as no entities."""
    match = _PAYLOAD.fullmatch(text.strip())
    if match is None:
        return None
    try:
        carried = json.loads(match["entities"] or "{}")
    except ValueError:
        carried = {}
    entities: list[dict[str, Any]] = []
    for name, value in carried.items():
        for one in value if isinstance(value, list) else [value]:
            entities.append({"entity": name, "value": one, "start": 0, "end": len(text), "extractor": "payload"})
    return Payload(match["name"], entities)

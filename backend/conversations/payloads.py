"""What may travel to the assistant as a command, and what a person typed that must not."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

_PAYLOAD = re.compile(r"/([a-z_]+(?:/[a-z_]+)?)(\{.*\})?", re.DOTALL)
# Rasa strips white space and then takes a leading "/" for a command; look-alikes go too, should a reader normalise
_COMMAND_LEAD = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff/\\\uff0f\u2044\u2215]+")
RETRY = "hub_retry"  # ours: never reaches the assistant
HANDOFF = "handoff_request"


@dataclass(frozen=True)
class Payload:
    intent: str
    entities: dict[str, Any] = field(default_factory=dict)


def read_payload(text: str) -> Payload:
    """`/intent` or `/intent{"entity": "value"}`; ValueError for anything else."""
    match = _PAYLOAD.fullmatch(text)
    if match is None:
        raise ValueError("a payload is /intent or /intent{json}")
    entities = json.loads(match[2], parse_constant=_no_constant) if match[2] else {}
    if not all(_plain(value) for value in entities.values()):
        raise ValueError("a payload's values are plain texts and numbers")
    # lone surrogates can neither be stored nor sent
    json.dumps(entities, ensure_ascii=False).encode()
    return Payload(match[1], entities)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(_plain(item) and not isinstance(item, list) for item in value)
    return value is None or isinstance(value, str | int | float)


def as_typed(text: str) -> str:
    """What a person typed, in a form that the assistant never takes for a command."""
    return _COMMAND_LEAD.sub("", text).strip() or "?"

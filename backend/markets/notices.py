"""A product's information notice (상품정보제공고시) as a market wants it, from what the own mall knows of it and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from backend.markets.codes import Market
from backend.markets.limits import REFERENCE


class _Kind(BaseModel):
    """`keys`: the product's own attributes and what the market calls them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    said: tuple[str, ...]
    smartstore: str
    coupang: str
    keys: dict[str, str]

    def name_at(self, market: Market) -> str:
        return self.coupang if market is Market.COUPANG else self.smartstore


@dataclass(frozen=True)
class Notice:
    """`told` holds key, the attribute's own name and its text; empty where the mall knows nothing that belongs here."""

    kind: str
    told: list[dict[str, str]]


def notice_of(category: str, attributes: Mapping[str, Any], market: Market) -> Notice:
    kind = next(kind for kind in _kinds() if not kind.said or any(word in category for word in kind.said))
    told: dict[str, dict[str, str]] = {}
    for name, key in kind.keys.items():
        text = _text(attributes.get(name))
        if text:
            told.setdefault(key, {"key": key, "name": name, "text": text})
    return Notice(kind.name_at(market), list(told.values()))


@lru_cache
def _kinds() -> tuple[_Kind, ...]:
    """In the file's order; the last one takes what no other does."""
    read = yaml.safe_load((REFERENCE / "notices.yml").read_text(encoding="utf-8"))
    return tuple(_Kind.model_validate(kind) for kind in read["kinds"])


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value).strip() if value is not None else ""

"""Marks what the person wants left out: in "쿠팡이랑 옥션 빼고 전부" both markets carry the role `excluded`."""

from __future__ import annotations

import re
from typing import Any

_EXCLUDABLE = {"market", "operation", "scope"}
# between an excluded name and the excluding word: particles, "only", "is", "not switching off"
_BEFORE_WORD = re.compile(
    r"\s*(?:은|는|이|가|을|를|만|도|에서|쪽|꺼|거|것|건|에서는|쪽은|관련|관련된|작업|작업은|끄지|건드리지|바꾸지|그대로)*\s*"
)
_BETWEEN_NAMES = re.compile(r"\s*(?:이?랑|하고|와|과|및|이?나|,|/|·|그리고|은|는|도|쪽|에서|의)*\s*")


def mark_excluded(text: str, entities: list[dict[str, Any]]) -> None:
    """Give the role `excluded` to names joined to an excluding word (말고, 빼고, 제외 …).

    `entities` are in order of place.
    """
    for place, entity in enumerate(entities):
        if entity["entity"] != "negation" or entity["value"] != "except":
            continue
        edge, pattern = entity["start"], _BEFORE_WORD
        for earlier in reversed(entities[:place]):
            if earlier["entity"] not in _EXCLUDABLE or not pattern.fullmatch(text, earlier["end"], edge):
                break
            earlier["role"] = "excluded"
            edge, pattern = earlier["start"], _BETWEEN_NAMES

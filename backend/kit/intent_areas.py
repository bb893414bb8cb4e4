"""Which area an intent belongs to: the folder of `data/` its training sentences stand in; and which are for later."""

import re
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"
_HEADING = re.compile(r"^- intent: *(\S+)", re.MULTILINE)


@lru_cache
def intent_areas(data: Path = DATA) -> dict[str, str]:
    """Full intent name → area; an intent stands in one folder only (a test sees to that)."""
    return {
        intent: path.parent.name
        for path in sorted(data.glob("*/nlu_*.yml"))
        for intent in _HEADING.findall(path.read_text(encoding="utf-8"))
    }


_TURNED_DOWN = re.compile(r"- intent: *(\S+)\s+- action: *action_not_yet\b")


@lru_cache
def later_intents(data: Path = DATA) -> frozenset[str]:
    """Wishes that are understood and not carried out yet: their rule ends in `action_not_yet`; a question (faq/…) as long
    as anything of its area is."""
    areas = intent_areas(data)
    turned_down = {
        intent for path in data.glob("*/rules.yml") for intent in _TURNED_DOWN.findall(path.read_text(encoding="utf-8"))
    }
    unfinished = {areas[intent] for intent in turned_down}
    return frozenset(turned_down | {i for i, area in areas.items() if i.startswith("faq/") and area in unfinished})

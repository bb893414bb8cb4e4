"""Which area an intent belongs to: the folder of `data/` its training sentences stand in."""

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

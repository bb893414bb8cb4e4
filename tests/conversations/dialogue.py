"""Dialogues as data: what a person types or presses, what they must see, and what must be true of the shop.

A file holds a list of dialogues; the folder is its failure class. A dialogue:

    name: a sentence
    as: owner | sub            who speaks (default owner)
    shop: full | orders | bare which small shop it starts with (default full, see `small_shop.py`)
    turns:
    - say: "…"                 typed         press: "title" of a button last shown         payload: "/…" as a button sends it
      intent: ops_off          what the assistant must have understood (optional)
      sees: ["…"]              all of these stand in the answer            lacks: ["…"]   none of these
      one_of: ["…"]            at least one of these
      block: confirm           a block of this type is in the answer
      buttons: ["…"]           these buttons are offered
      silent: true             nobody answers
      state: {…}               facts of the shop afterwards, see `facts.py`
    - do: name                 something happens outside the conversation, see `happenings.py`
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
KEYS = frozenset(
    {
        "say",
        "press",
        "payload",
        "do",
        "intent",
        "sees",
        "lacks",
        "one_of",
        "block",
        "buttons",
        "silent",
        "state",
        "with",
    }
)


@dataclass(frozen=True)
class Dialogue:
    failure_class: str
    name: str
    turns: list[dict[str, Any]]
    speaker: str = "owner"
    shop: str = "full"
    tags: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.failure_class}: {self.name}"


def load() -> list[Dialogue]:
    found = []
    for path in sorted(HERE.glob("*/*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            for turn in entry["turns"]:
                unknown = turn.keys() - KEYS
                if unknown:
                    raise ValueError(f"{path.name}: {entry['name']}: unknown {unknown}")
            found.append(
                Dialogue(
                    path.parent.name, entry["name"], entry["turns"], entry.get("as", "owner"), entry.get("shop", "full")
                )
            )
    return found

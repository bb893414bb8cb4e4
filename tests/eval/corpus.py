"""Reads training sentences and the frozen held-out set, and makes the noisy copies."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.language.jamo import compose, decompose

ROOT = Path(__file__).resolve().parents[2]
HELDOUT = ROOT / "tests" / "eval" / "heldout.yml"
# neighbours on the two-set keyboard
_NEAR = {
    "ㅂ": "ㅈ", "ㅈ": "ㄷ", "ㄷ": "ㄱ", "ㄱ": "ㅅ", "ㅅ": "ㄱ", "ㅁ": "ㄴ", "ㄴ": "ㅇ", "ㅇ": "ㄹ", "ㄹ": "ㅎ", "ㅎ": "ㄹ",
    "ㅋ": "ㅌ", "ㅌ": "ㅊ", "ㅊ": "ㅍ", "ㅍ": "ㅊ", "ㅛ": "ㅕ", "ㅕ": "ㅑ", "ㅑ": "ㅐ", "ㅐ": "ㅔ", "ㅔ": "ㅐ", "ㅗ": "ㅓ",
    "ㅓ": "ㅏ", "ㅏ": "ㅓ", "ㅣ": "ㅏ", "ㅠ": "ㅜ", "ㅜ": "ㅡ", "ㅡ": "ㅜ",
}  # fmt: skip


class Sentence(NamedTuple):
    """A training sentence, its full intent name and the style of the file it stands in."""

    text: str
    intent: str
    style: str


def training_sentences() -> list[Sentence]:
    """Every example of `data/*/nlu_<style>.yml`."""
    found = []
    for path in sorted(ROOT.glob("data/*/nlu*.yml")):
        style = path.stem.partition("_")[2]
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in (block.get("examples") or "").splitlines():
                if line.strip().startswith("- "):
                    found.append(Sentence(line.strip()[2:].strip(), block["intent"], style))
    return found


def heldout() -> dict[str, list[dict[str, Any]]]:
    """`cases` and `out_of_scope` of the frozen set."""
    return yaml.safe_load(HELDOUT.read_text(encoding="utf-8"))


def without_spaces(text: str) -> str:
    return "".join(text.split())


def with_one_typo(text: str) -> str:
    """One letter replaced by its neighbour on the keyboard; the place is fixed by the text itself."""
    chance = random.Random(text)
    places = [place for place, char in enumerate(text) if "가" <= char <= "힣"]
    chance.shuffle(places)
    for place in places:
        letters = list(decompose(text[place]))
        for which in chance.sample(range(2), 2):
            if letters[which] in _NEAR:
                letters[which] = _NEAR[letters[which]]
                return text[:place] + compose(*letters) + text[place + 1 :]
    return text

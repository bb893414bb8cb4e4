"""The held-out set stays held out: none of its sentences is trained on, not even with other spacing or punctuation."""

import re
from pathlib import Path

import yaml

from backend.settings import ROOT

HELD_OUT = Path(__file__).parent / "heldout.yml"


def bare(text: str) -> str:
    return re.sub(r"[^0-9a-z가-힣ㄱ-ㅎㅏ-ㅣ]", "", text.lower())


def trained() -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "data").glob("*/nlu_*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip():
                    found[bare(line.strip().removeprefix("- "))] = f"{path.parent.name}/{path.name}: {line.strip()}"
    return found


def test_no_held_out_sentence_is_trained_on() -> None:
    held = yaml.safe_load(HELD_OUT.read_text(encoding="utf-8"))
    learnt = trained()
    both = [learnt[bare(case["text"])] for case in held["cases"] + held["out_of_scope"] if bare(case["text"]) in learnt]
    assert not both


def test_every_intent_has_held_out_sentences() -> None:
    held = yaml.safe_load(HELD_OUT.read_text(encoding="utf-8"))
    counts: dict[str, int] = {}
    for case in held["cases"]:
        counts[case["intent"]] = counts.get(case["intent"], 0) + 1
    assert len(counts) >= 130
    assert min(counts.values()) >= 4
    assert sum(count >= 8 for count in counts.values()) >= 50
    assert len(held["out_of_scope"]) >= 150

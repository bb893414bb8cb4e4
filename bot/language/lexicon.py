"""Reads `data/entities/*.yml`: which words stand for which market, operation, scope, status …

Format of a file::

    entity: market
    values:
      gmarket: [G마켓, 지마켓, 쥐마켓]

A form may carry a part of speech (`다/MAG`): then only that reading counts.
Forms ignore spaces and case; a longer form beats a shorter one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.language.jamo import compact, decompose, normalise

_TAGS = {"MAG", "MM", "NNG", "NNP", "VV"}
# Entity of words that only look like one of ours (상품평, 쿠팡맨): found like the rest, then dropped.
LOOK_ALIKE = "look_alike"
ENTITIES_FOLDER = Path(__file__).resolve().parents[2] / "data" / "entities"


@dataclass(frozen=True)
class Form:
    """One spelling of one value; `key` is compact and lower case, `letters` its jamo."""

    entity: str
    value: str
    key: str
    letters: str
    tag: str | None
    written: str


def load_lexicon(folder: Path = ENTITIES_FOLDER) -> tuple[Form, ...]:
    """Read every file of the folder; a spelling listed for two values of one entity is an error."""
    forms: dict[tuple[str, str, str | None], Form] = {}
    for path in sorted(folder.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entity = content["entity"]
        for value, spellings in content["values"].items():
            for spelling in spellings:
                written, tag = _split_tag(normalise(str(spelling)))
                key = compact(written)[0]
                form = Form(entity, str(value), key, decompose(key), tag, written)
                known = forms.setdefault((entity, key, form.tag), form)
                if known.value != form.value:
                    raise ValueError(f"{path.name}: {written} is both {known.value} and {form.value}")
    return tuple(forms.values())


def _split_tag(spelling: str) -> tuple[str, str | None]:
    written, _, tag = spelling.rpartition("/")
    return (written, tag) if tag in _TAGS else (spelling, None)


def words_to_teach(forms: tuple[Form, ...]) -> list[str]:
    """Spellings without a space that Kiwi would otherwise cut or glue: Hangul or Latin letters, two or more."""
    return [
        form.written
        for form in forms
        if form.tag is None and re.fullmatch(r"[가-힣A-Za-z0-9]{2,}", form.written) and form.entity in _TAUGHT
    ]


_TAUGHT = {"market", "operation", "setup_item"}

"""All entities of a sentence: listed names, shapes and dates, longest first, with exclusion roles."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from bot.language.dates import find_days, today_in_seoul
from bot.language.exclusion import mark_excluded
from bot.language.gazetteer import Gazetteer
from bot.language.lexicon import LOOK_ALIKE, load_lexicon, words_to_teach
from bot.language.morphology import teach_words
from bot.language.patterns import find_shapes


@lru_cache(maxsize=1)
def names() -> Gazetteer:
    """The gazetteer of the product; building it also teaches its words to the analyser."""
    forms = load_lexicon()
    teach_words(words_to_teach(forms))
    return Gazetteer(forms)


def find_entities(text: str, today: date | None = None) -> list[dict[str, Any]]:
    """Entities in order of place, each {entity, value, start, end, extractor, confidence_entity, role?}.

    Where spans overlap the longest wins, an exact name before a misspelt one.
    """
    candidates = [(mention.end - mention.start, -mention.typos, "gazetteer", mention) for mention in names().find(text)]
    candidates += [(shape.end - shape.start, 0, "pattern", shape) for shape in find_shapes(text)]
    candidates += [
        (day.end - day.start, 0, "calendar", day)
        for day in find_days(text, (lambda: today) if today else today_in_seoul)
    ]
    candidates.sort(key=lambda candidate: (-candidate[0], -candidate[1]))
    taken: list[dict[str, Any]] = []
    for _, typos, extractor, found in candidates:
        if any(found.start < other["end"] and other["start"] < found.end for other in taken):
            continue
        taken.append(
            {
                "entity": found.entity,
                "value": found.value,
                "start": found.start,
                "end": found.end,
                "extractor": extractor,
                "confidence_entity": 1.0 if not typos else 0.8,
            }
        )
    entities = sorted(
        (entity for entity in taken if entity["entity"] != LOOK_ALIKE), key=lambda entity: entity["start"]
    )
    mark_excluded(text, entities)
    return entities

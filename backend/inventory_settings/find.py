"""Which setting a sentence speaks of, by the names people use for it or for one of its values."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.inventory_settings.catalogue import SETTINGS, Section
from backend.inventory_settings.schemas import Found, FoundSetting
from backend.inventory_settings.spoken_value import edit_of
from backend.inventory_settings.words import words
from backend.kit.hangul import compact, find_mention

FUZZY, CLOSE, FEW = 0.55, 0.05, 4
BY_VALUE = 0.7  # how sure a value alone makes


@dataclass(frozen=True)
class _Hit:
    key: str
    alias: str
    start: int
    length: int


def wish_for(key: str, text: str) -> FoundSetting:
    """What a sentence wants of this setting, which it need not name ("3일로", "그거 꺼 줘")."""
    hit = next((hit for hit in _by_name(compact(text)) if hit.key == key), None)
    return _told(key, 1.0, text, hit.alias if hit else None)


def found(text: str) -> Found:
    """Best first. A name said whole beats a name said in part, and the longer name beats the one inside it."""
    bare = compact(text)
    section = next(
        (s for s, aliases in words().section_aliases.items() if any(compact(a) in bare for a in aliases)), None
    )
    by_name = _by_name(bare)
    if by_name:
        return Found(settings=[_told(hit.key, 1.0, text, hit.alias) for hit in by_name], section=_section(section))
    by_value = _by_value(bare)
    if len(by_value) == 1:
        return Found(settings=[_told(by_value[0], BY_VALUE, text, None)], section=_section(section))
    fuzzy = _fuzzy(text)
    if fuzzy:
        return Found(
            settings=[_told(key, score, text, alias) for key, score, alias in fuzzy], section=_section(section)
        )
    return Found(settings=[_told(key, BY_VALUE / 2, text, None) for key in by_value[:FEW]], section=_section(section))


def _section(key: str | None) -> Section | None:
    return Section(key) if key else None


def _told(key: str, score: float, text: str, alias: str | None) -> FoundSetting:
    wish: dict[str, Any] | None = edit_of(SETTINGS[key], text, alias)
    also = wish.pop("also", []) if wish else []
    return FoundSetting(key=key, name=words().settings[key].name, score=score, edit=wish or None, also=also)


@lru_cache
def _aliases() -> tuple[tuple[str, str, str], ...]:
    """(key, alias as written, alias compact), the longest first."""
    all_of = [
        (key, alias, compact(alias))
        for key, spoken in words().settings.items()
        for alias in (spoken.name, *spoken.aliases)
    ]
    return tuple(sorted(all_of, key=lambda one: -len(one[2])))


def _by_name(bare: str) -> list[_Hit]:
    """The settings named whole; a name within a longer one, and a part's name within a setting's wish, do not count."""
    taken: list[_Hit] = []
    for key, alias, short in _aliases():
        at = bare.find(short)
        if at >= 0 and not any(hit.start < at + len(short) and at < hit.start + hit.length for hit in taken):
            taken.append(_Hit(key, alias, at, len(short)))
    best = list({hit.key: hit for hit in reversed(taken)}.values())[::-1]
    return [hit for hit in best if not any(_is_part_of(hit, other) for other in best if other is not hit)][:FEW]


def _is_part_of(hit: _Hit, other: _Hit) -> bool:
    """ "배송 전 취소의 합포금지": what sounds like a setting of its own is a part of the one that is named."""
    parts = words().settings[other.key].parts.values()
    values = [v for value in words().settings[other.key].values.values() for v in (value.name, *value.aliases)]
    names = [compact(name) for part in parts for name in (part.name, *part.aliases)] + [compact(v) for v in values]
    return compact(hit.alias) in names and other.length >= hit.length


def _by_value(bare: str) -> list[str]:
    """The settings that have a value so called; the longest such name decides."""
    hits: dict[str, int] = {}
    for key, spoken in words().settings.items():
        for value in spoken.values.values():
            for alias in (value.name, *value.aliases):
                short = compact(alias)
                if len(short) > 3 and short in bare and SETTINGS[key].type is not bool:
                    hits[key] = max(hits.get(key, 0), len(short))
    longest = max(hits.values(), default=0)
    return [key for key, length in hits.items() if length == longest]


def _fuzzy(text: str) -> list[tuple[str, float, str]]:
    names = {alias: key for key, alias, _ in _aliases()}
    mentions = [m for m in find_mention(text, names, limit=12) if m.score >= FUZZY]
    if not mentions:
        return []
    best: dict[str, tuple[float, str]] = {}
    for mention in mentions:
        best.setdefault(names[mention.name], (mention.score, mention.name))
    return [(key, score, alias) for key, (score, alias) in best.items() if score >= mentions[0].score - CLOSE][:FEW]

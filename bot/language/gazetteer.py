"""Finds listed names in a sentence: exact first, then within a typo or two for longer names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from bot.language.jamo import compact, decompose
from bot.language.lexicon import Form
from bot.language.morphology import analyse, surface_spans

# Names short of ten letters (about four syllables) have too many neighbours (상품명/상품평) to forgive a typo.
_LETTERS_FOR_ONE_TYPO = 10
_LETTERS_FOR_TWO_TYPOS = 15
_FUZZY_ENTITIES = {"market", "operation", "setup_item", "work_type"}
_GRAM = 3
# What may follow a name inside the same word when the analyser glued them together.
_TAIL = re.compile(
    r"(은|는|이|가|을|를|에서|에게|에|의|도|만|말고|말구|빼고|빼|랑|하고|과|와|로|으로|부터|까지|요|예요|입니다|인데|좀|다|전부|전체"
    r"|꺼|끄|켜|키|off|제외|보다|처럼|쪽|들|때문|왜|언제|어떻게|뭐|바꾸|바꿔|바뀌|돌려|해|하|안|된|되|했|됐)"
)


class Mention(NamedTuple):
    """A found name: places in the sentence as typed, and the number of letters that differ from the listed form."""

    entity: str
    value: str
    start: int
    end: int
    typos: int = 0


class Gazetteer:
    """Looks up all listed forms at once, ignoring spaces and case."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self._by_key: dict[str, list[Form]] = defaultdict(list)
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        self._fuzzy: list[tuple[Form, int, int]] = []
        for form in forms:
            self._by_key[form.key].append(form)
            if form.entity in _FUZZY_ENTITIES and len(form.letters) >= _LETTERS_FOR_ONE_TYPO and form.tag is None:
                allowed = 2 if len(form.letters) >= _LETTERS_FOR_TWO_TYPOS else 1
                grams = _grams(form.letters)
                for gram in grams:
                    self._by_gram[gram].append(len(self._fuzzy))
                self._fuzzy.append((form, allowed, max(1, len(grams) - allowed * _GRAM)))
        self._longest = max((len(key) for key in self._by_key), default=0)

    def find(self, text: str) -> list[Mention]:
        """Every listed name on token boundaries, overlaps included."""
        short, places = compact(text)
        if not short:
            return []
        edges = _Edges(text, short, places)
        found = list(self._exact(short, edges))
        found.extend(self._near(short, edges))
        return [Mention(m.entity, m.value, places[m.start], places[m.end - 1] + 1, m.typos) for m in found]

    def _exact(self, short: str, edges: _Edges):
        for start in sorted(edges.starts):
            for end in range(start + 1, min(len(short), start + self._longest) + 1):
                for form in self._by_key.get(short[start:end], ()):
                    if form.tag is not None:
                        if (start, end, form.tag) in edges.tagged:
                            yield Mention(form.entity, form.value, start, end)
                    elif edges.may_end(end, strict=end - start <= 2):
                        yield Mention(form.entity, form.value, start, end)

    def _near(self, short: str, edges: _Edges):
        votes: Counter[int] = Counter()
        for gram in _grams(decompose(short)):
            votes.update(self._by_gram.get(gram, ()))
        for index, shared in votes.items():
            form, allowed, needed = self._fuzzy[index]
            if shared < needed or form.key in short:
                continue
            size = len(form.key)
            for start in edges.starts:
                for end in range(start + size - 1, min(len(short), start + size + 1) + 1):
                    if not edges.may_end(end, strict=True):
                        continue
                    typos = distance_within(form.letters, decompose(short[start:end]), allowed)
                    if typos is not None:
                        yield Mention(form.entity, form.value, start, end, typos)


class _Edges:
    """Places of the compact text where a name may start and end."""

    def __init__(self, text: str, short: str, places: list[int]) -> None:
        compact_place = {place: index for index, place in enumerate(places)}
        spans = surface_spans(text)
        self.starts = {compact_place[start] for start, _ in spans if start in compact_place}
        self._ends = {compact_place[end - 1] + 1 for _, end in spans if end - 1 in compact_place}
        # a name may also start or end where a word does, whatever the analyser made of it
        for word in re.finditer(r"\S+", text):
            self.starts.add(compact_place[word.start()])
            self._ends.add(compact_place[word.end() - 1] + 1)
        self.tagged = {
            (compact_place[m.start], compact_place[m.end - 1] + 1, m.tag)
            for m in analyse(text)
            if m.start in compact_place and m.end - 1 in compact_place and m.end > m.start
        }
        self._short = short

    def may_end(self, place: int, *, strict: bool) -> bool:
        return place in self._ends or (not strict and _TAIL.match(self._short, place) is not None)


def distance_within(left: str, right: str, limit: int) -> int | None:
    """Edit distance of two letter strings, or None when it exceeds `limit`."""
    if abs(len(left) - len(right)) > limit:
        return None
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        best = i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
            best = min(best, row[j])
        if best > limit:
            return None
    return row[-1] if row[-1] <= limit else None


def _grams(letters: str) -> set[str]:
    return {letters[i : i + _GRAM] for i in range(len(letters) - _GRAM + 1)}

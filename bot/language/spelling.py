"""Reads a mistyped syllable as the neighbour that was meant, before the sentence is understood.

Two witnesses must agree: the runs of syllables seen in training (what merchants talk about) propose a neighbour one letter away,
or two syllables changed round; the analyser's own language model (what is Korean at all) must find it far likelier.
Only the intent model reads the repaired sentence; entities, replies and records keep what was typed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bot.language.jamo import compact, neighbours
from bot.language.morphology import plausibility

_LENGTHS = range(2, 5)
# all chosen on training sentences, one writing style held out at a time (docs/decisions/0009-understanding-all-areas.md)
_ENOUGH_EVIDENCE = 3.0
_FAR_LIKELIER = 6.0
_SYLLABLES_AROUND = 5
_PROPOSALS = 3
_REPAIRS = 2
# a syllable seen this often with both its neighbours, or inside one run of three, is left alone
_AT_HOME_IN_PAIR, _AT_HOME_IN_THREE = 4, 3


class _Proposal(NamedTuple):
    """A repaired sentence, how much better it fits, and the span that changed."""

    gain: float
    text: str
    start: int
    end: int


class Spelling:
    """Runs of two to four syllables, spaces ignored, and how many training sentences have each."""

    def __init__(self, counts: dict[str, int] | None = None) -> None:
        self._remember(counts or {})

    def _remember(self, counts: dict[str, int]) -> None:
        self._counts = counts
        # looked up a hundred times a sentence
        self._weights = {run: math.log(count) for run, count in counts.items()}

    def fit(self, texts: Sequence[str]) -> Spelling:
        seen: Counter[str] = Counter()
        for text in texts:
            line = _line(text)
            seen.update({line[i : i + n] for n in _LENGTHS for i in range(len(line) - n + 1)})
        self._remember({run: count for run, count in seen.items() if count > 1})
        return self

    def repair(self, text: str) -> str:
        """The sentence with at most two repairs; the same sentence when nothing is surely mistyped."""
        for _ in range(_REPAIRS):
            likeliest = max(
                (
                    (_likelier(text, proposal), proposal.text)
                    for proposal in sorted(self._proposals(text), reverse=True)[:_PROPOSALS]
                ),
                default=(0.0, text),
            )
            if likeliest[0] <= _FAR_LIKELIER:
                break
            text = likeliest[1]
        return text

    def _proposals(self, text: str) -> Iterator[_Proposal]:
        line, places = _line(text), compact(text)[1]
        for at in range(1, len(line) - 1):
            if self._at_home(line, at):
                continue
            typed = {length: self._fit_of(line, at, at + length) for length in (1, 2)}
            for changed in self._alternatives(line, at):
                end = at + len(changed)
                gain = self._fit_of(line[:at] + changed + line[end:], at, end) - typed[len(changed)]
                if gain > _ENOUGH_EVIDENCE:
                    letters = list(text)
                    for offset, letter in enumerate(changed):
                        letters[places[at - 1 + offset]] = letter
                    yield _Proposal(gain, "".join(letters), places[at - 1], places[end - 2] + 1)

    def _at_home(self, line: str, at: int) -> bool:
        count = self._counts.get
        if not "가" <= line[at] <= "힣":
            return True
        before, after = count(line[at - 1 : at + 1], 0), count(line[at : at + 2], 0)
        if before >= _AT_HOME_IN_PAIR and after >= _AT_HOME_IN_PAIR:
            return True
        return count(line[at - 1 : at + 2], 0) >= _AT_HOME_IN_THREE

    def _alternatives(self, line: str, at: int) -> Iterator[str]:
        before, here, after = line[at - 1 : at + 2]
        for syllable in neighbours(here):
            if before + syllable in self._counts or syllable + after in self._counts:
                yield syllable
        if after != here and "가" <= after <= "힣":
            yield after + here

    def _fit_of(self, line: str, start: int, end: int) -> float:
        """How well the runs that touch `line[start:end]` are known."""
        weight = self._weights.get
        return sum(
            weight(line[i : i + n], 0.0)
            for n in _LENGTHS
            for i in range(max(0, start - n + 1), min(end, len(line) - n + 1))
        )

    def state(self) -> dict[str, Any]:
        return {"counts": self._counts}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Spelling:
        return cls(state["counts"])


def _line(text: str) -> str:
    return f"^{compact(text)[0]}$"


def _likelier(text: str, proposal: _Proposal) -> float:
    """By how much the language model prefers the proposal, in natural logarithms; only the words around the change are read."""
    near = slice(max(0, proposal.start - _SYLLABLES_AROUND), proposal.end + _SYLLABLES_AROUND)
    return plausibility(proposal.text[near]) - plausibility(text[near])

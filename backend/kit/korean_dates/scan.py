"""From text to resolved mentions: find candidates, drop look-alikes, join ranges, decide past or future."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.kit.clock import seoul
from backend.kit.korean_dates.calendar_spans import Span, day_span
from backend.kit.korean_dates.days import DAY_PATTERNS
from backend.kit.korean_dates.edges import WEEKDAY
from backend.kit.korean_dates.lengths import HOURS, LENGTH_PATTERNS, read_hours
from backend.kit.korean_dates.mention import Bound, DateMention
from backend.kit.korean_dates.months import MONTH_PATTERNS
from backend.kit.korean_dates.numeric import NUMERIC_PATTERNS
from backend.kit.korean_dates.reading import Lean, Reading, days_away
from backend.kit.korean_dates.years import FEAST, YEAR_PATTERNS, read_feast

_PATTERNS = (*NUMERIC_PATTERNS, *MONTH_PATTERNS, *YEAR_PATTERNS, *DAY_PATTERNS, *LENGTH_PATTERNS)

# Codes, order and phone numbers, links, [labels] in product names, and what repeats rather than happens once.
_NOT_DATES = re.compile(
    r"\[[^\]\n]{1,40}\]|https?://\S+|www\.\S+|[A-Za-z]{1,8}-\d[\w-]*|\d{4,}-\d{4,}[\d-]*|0\d{1,2}-\d{3,4}-\d{4}"
    rf"|매주\s?(?:{WEEKDAY}|주말|[월화수목금토일](?![가-힣]))?|매(?:달|월)\s?(?:\d{{1,2}}\s?일|말일|말|초)?"
    rf"|(?<![월/\d])(?<![월/]\s)\d{{1,3}}\s?[~∼-]\s?\d{{1,3}}\s?일|매년\s?(?:\d{{1,2}}\s?월)?(?:\s?\d{{1,2}}\s?일)?|{WEEKDAY}마다|주말마다|매일"
)
_TO = re.compile(r"\.?\s?(?:부터|부턴|에서부터|에서|[~∼〜–—→-])\s?(?:다시\s|그\s)?")
_BARE_DAY = re.compile(r"(?P<days>\d{1,2})\s?일")
_UNTIL = re.compile(r"\s?(?:까지|까진|에|날)")
_FROM_FOR = re.compile(r"\.?\s?(?:부터|부턴)\s?(?:딱\s?|약\s?|총\s?)?")
_BOUNDS: tuple[tuple[Bound | None, re.Pattern[str]], ...] = (
    (None, re.compile(r"\.?\s?(?:되기\s?|오기\s?)?(?:이전|전)\s?까지")),  # until the day before
    ("until", re.compile(r"\.?\s?(?:정도|쯤)?\s?(?:까지|까진|안에|안으로|내로|내에|이내|중으로)")),
    ("from", re.compile(r"\.?\s?(?:쯤)?(?:부터|부턴|이후|이래)")),
    ("before", re.compile(r"\s?(?:이전|(?:되기\s?|오기\s?)?전(?=에|엔|\s*\Z))")),
    ("after", re.compile(r"\s?(?:지나|끝나|후(?!기|보|속|원|불|반|면)(?=에|로|\s|\Z))")),
)


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    reading: Reading


def scan(text: str, today: date, now: datetime | None, lean: Lean, loose: bool = False) -> list[DateMention]:
    """Every date expression of a text in order; `loose` takes a bare feast name for a date as well."""
    candidates = _pick(text, list(_candidates(text, today, now, loose)))
    mentions: list[DateMention] = []
    position = 0
    while position < len(candidates):
        here = candidates[position]
        after = candidates[position + 1] if position + 1 < len(candidates) else None
        joined = _join(text, here, after, today, lean) if after else None
        if joined and after:
            mentions.append(_mention(text, here.start, after.end, "range", joined, "range"))
            position += 2
            continue
        if single := _single(text, here, today, lean):
            mentions.append(single)
        position += 1
    return mentions


def _candidates(text: str, today: date, now: datetime | None, loose: bool) -> Iterator[_Candidate]:
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            reading = read(match, today)
            if reading:
                yield _Candidate(match.start(), match.end(), reading)
    for match in FEAST.finditer(text):
        if feast := read_feast(match, today, loose):
            yield _Candidate(match.start(), match.end(), feast)
    if now is not None:
        for match in HOURS.finditer(text):
            if moment := read_hours(match, seoul(now)):
                yield _Candidate(match.start(), match.end(), Reading("moment", fixed=day_span(moment.date())))


def _pick(text: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """Of overlapping candidates the one that starts first, then the longest; none inside a look-alike."""
    blocked = [match.span() for match in _NOT_DATES.finditer(text)]
    picked: list[_Candidate] = []
    for one in sorted(candidates, key=lambda c: (c.start, -c.end)):
        if picked and one.start < picked[-1].end:
            continue
        if not any(one.start < end and start < one.end for start, end in blocked):
            picked.append(one)
    return picked


def _single(text: str, one: _Candidate, today: date, lean: Lean) -> DateMention | None:
    bound, day_before = _bound(text, one)
    if lean == "near" and (bound in ("until", "for", "before") or (bound == "from" and one.reading.kind == "day")):
        lean = "future"
    span = one.reading.resolve(today, lean)
    if span is None:
        return None
    if day_before:
        span = day_span(span[0] - timedelta(days=1))
    return _mention(text, one.start, one.end, one.reading.kind, span, bound)


def _bound(text: str, one: _Candidate) -> tuple[Bound, bool]:
    """How the words behind an expression use it, and whether they mean the day before it begins."""
    is_length = one.reading.length is not None
    if one.reading.kind == "range":
        return "range", False
    for bound, pattern in _BOUNDS:
        if (is_length and bound not in ("until", "from")) or not pattern.match(text, one.end):
            continue
        return bound or "until", bound is None
    return ("for" if is_length else "on"), False


def _join(text: str, a: _Candidate, b: _Candidate, today: date, lean: Lean) -> Span | None:
    """The span from a to b when the words between them say so; the later end then belongs to the same stretch."""
    gap = text[a.end : b.start]
    if a.reading.length or a.reading.kind == "range" or b.reading.kind == "range":
        return None
    if b.reading.length:
        if b.reading.lean == "past" or not _FROM_FOR.fullmatch(gap):
            return None
        first = a.reading.resolve(today, "past" if lean == "past" else "future")
        return (first[0], b.reading.length.after(first[0]) - timedelta(days=1)) if first else None
    if days := _days_from(text, a, b, gap):
        first = a.reading.resolve(today, "past" if lean == "past" else "future")
        return (first[0], first[0] + timedelta(days=days - 1)) if first else None
    if not _TO.fullmatch(gap):
        return None
    pairs = _pairs(a.reading, b.reading, today)
    if len(pairs) <= 1:
        return pairs[0] if pairs else None
    lean = a.reading.lean or lean
    if lean == "past":
        return next((p for p in reversed(pairs) if p[0] <= today), None)
    if a.reading.strict:
        return next((p for p in pairs if p[0] > today), None)
    if lean == "near":
        return min(pairs, key=lambda pair: days_away(pair, today))
    return next((p for p in pairs if p[1] >= today), None)


def _days_from(text: str, a: _Candidate, b: _Candidate, gap: str) -> int | None:
    """내일부터 3일 is three days; 내일부터 3일까지, 1일부터 3일 and 12월 1일부터 3일 end on the 3rd."""
    count = _BARE_DAY.fullmatch(text, b.start, b.end)
    if count is None or not _FROM_FOR.fullmatch(gap) or (text[: a.end].endswith("일") and text[a.start].isdigit()):
        return None
    return None if _UNTIL.match(text, b.end) else int(count["days"])


def _pairs(a: Reading, b: Reading, today: date) -> list[Span]:
    """Every stretch the two ends may mean: the first b on or after each a, or the last a before a fixed b."""
    starts = [a.fixed] if a.fixed else a.options(today) if a.options else []
    if b.fixed:
        fitting = [start for start in starts if start[0] <= b.fixed[1]]
        return [(fitting[-1][0], b.fixed[1])] if fitting else []
    pairs = []
    for start in starts:
        end = next((span for span in (b.options(start[0]) if b.options else []) if span[0] >= start[0]), None)
        if end:
            pairs.append((start[0], end[1]))
    return pairs


def _mention(text: str, start: int, end: int, kind: str, span: Span, bound: Bound) -> DateMention:
    return DateMention(start, end, text[start:end], kind, span[0], span[1], bound)

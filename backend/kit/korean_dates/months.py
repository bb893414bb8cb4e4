"""Months, parts of months and days of months: 8월, 다음달 초, 12월 1일(월), 이번 달 말, 말일, 15일."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from backend.kit.korean_dates.calendar_spans import (
    Span,
    day_span,
    make_date,
    month_span,
    part_of_month,
    shift_month,
    week_of_month,
)
from backend.kit.korean_dates.edges import DIGIT_START, NOT_A_MONTH, WEEKDAY, WORD_START
from backend.kit.korean_dates.reading import Lean, Reading, monthly, yearly
from backend.kit.korean_dates.years import YEAR, year_named
from backend.kit.numbers import read_numeral

_MONTHS_ON = {
    "이번": 0, "요번": 0, "이": 0, "금": 0, "당": 0, "다음": 1, "담": 1, "내": 1, "익": 1, "다다음": 2,
    "지난": -1, "저번": -1, "전": -1, "지지난": -2, "저저번": -2,
}  # fmt: skip
_NTH = {"첫": 1, "첫째": 1, "둘째": 2, "셋째": 3, "넷째": 4, "다섯째": 5, "마지막": -1}

_IN_PARENTHESES = rf"(?:\s?\((?:[월화수목금토일]|{WEEKDAY})\)|\s{WEEKDAY})?"
_NOT_A_DAY_COUNT = r"(?!치|째|장|차(?!까)|이상|이하|미만|초과|연속|씩|마다|당\b|\s?1?일\s?\d)"
_PART = (
    rf"\s?(?:(?P<day>\d{{1,2}})\s?일{_NOT_A_DAY_COUNT}{_IN_PARENTHESES}"
    r"|(?P<part>말일|마지막\s?날|초(?!과|기|대|보|콜|코)|상순|중순|중반|하순|말(?!고|씀|하|했|랑|을))"
    r"|(?P<nth>첫째?|둘째|셋째|넷째|다섯째|마지막|[1-5])\s?째?\s?주(?:차)?(?![문소제인간일년]))"
)
RELATIVE_MONTH = re.compile(
    rf"(?P<base>(?:이번|요번|다다음|다음|지지난|저저번|지난|저번)\s?달|{WORD_START}(?:담\s?달|이\s?달|내달|금월|당월|익월|전월)){NOT_A_MONTH}"
    rf"(?:{_PART})?"
)
NUMBERED_MONTH = re.compile(
    rf"(?:(?P<which>지난|저번|오는|돌아오는)\s?)?(?:{YEAR}\s?)?{DIGIT_START}(?P<month>1[0-2]|0?[1-9])\s?월(?:달)?(?!드|급|세\b|평|등)"
    rf"(?:{_PART}|\s?(?P<bare>\d{{1,2}})(?=\s?(?:까지|부터|[~∼])))?"
)
_SINO_MONTHS = {
    "일": 1,
    "이": 2,
    "삼": 3,
    "사": 4,
    "오": 5,
    "유": 6,
    "칠": 7,
    "팔": 8,
    "구": 9,
    "시": 10,
    "십일": 11,
    "십이": 12,
}
# Spelled-out months only with a day or a bound: 이월 상품 is carried-over stock, 오월 may be a name.
SPELLED_MONTH = re.compile(
    rf"{WORD_START}(?P<month>십일|십이|[일이삼사오유칠팔구시])월"
    r"(?:\s?(?P<day>이십[일이삼사오육칠팔구]?|삼십일?|십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])\s?일(?![가-힣]{2}(?<!까지|부터))|(?=\s?(?:까지|부터)))"
)
ALONE = re.compile(rf"{WORD_START}(?P<alone>월말|월초|말일)(?!정산|결산|평가|의\b)")
# 3일치, 3일 동안, 3일 뒤, 1일 1회 and 30일 무료 are not the third day of a month.
BARE_DAY = re.compile(
    rf"(?:(?P<which>오는|돌아오는|이번)\s?)?{DIGIT_START}(?P<day>3[01]|[12]\d|0?[1-9])일{_NOT_A_DAY_COUNT}"
    r"(?!\s?(?:간|동안|만(?![가-힣])|만에|내내|뒤|후(?!기)|전|내로|내에|이내|안에|안으로|정도|쯤|가량|무료|체험|이용|보장|연속|이상|이하|이전부|최대|평균|한도|기준|특가|완성|\d+\s?(?:회|개|팩|번|알|정|포|잔|건)))"
    rf"{_IN_PARENTHESES}"
)


def read_relative_month(match: re.Match[str], today: date) -> Reading | None:
    name = re.sub(r"\s?[달월]\Z", "", match["base"])
    year, month = shift_month(today.year, today.month, _MONTHS_ON[name])
    span = _inside(match, year, month)
    return Reading(_kind(match), fixed=span) if span else None


def read_numbered_month(match: re.Match[str], today: date) -> Reading | None:
    year, month = year_named(match["year"], today), int(match["month"])
    if match["year"] and year is None:
        return None
    if year is not None:
        span = _inside(match, year, month)
        return Reading(_kind(match), fixed=span) if span else None
    return _every_year(_kind(match), partial(_inside_month, match, month), match["which"])


def read_spelled_month(match: re.Match[str], today: date) -> Reading | None:
    month, day = _SINO_MONTHS[match["month"]], match["day"]
    if day is None:
        return _every_year("month", lambda year: month_span(year, month))
    number = read_numeral(day) or 0
    return _every_year("day", lambda year: _single(make_date(year, month, number)))


def read_alone(match: re.Match[str], today: date) -> Reading:
    part = {"월말": "말", "월초": "초"}.get(match["alone"], "말일")
    if part != "초":
        return Reading("month_part", fixed=part_of_month(today.year, today.month, part))
    starts = [shift_month(today.year, today.month, by) for by in range(-2, 3)]
    return Reading("month_part", options=lambda _: [part_of_month(*start, "초") for start in starts])


def read_bare_day(match: re.Match[str], today: date) -> Reading | None:
    number = int(match["day"])
    if match["which"] == "이번":
        day = make_date(today.year, today.month, number)
        return Reading("day", fixed=day_span(day)) if day else None
    return Reading("day", options=monthly(number), lean="future" if match["which"] else None)


def _every_year(kind: str, span_in: Callable[[int], Span | None], which: str | None = None) -> Reading | None:
    options = yearly(span_in)
    lean: Lean | None = None
    if which:
        lean = "past" if which in ("지난", "저번") else "future"
    return Reading(kind, options=options, lean=lean) if options(date(2024, 6, 1)) else None


def _inside_month(match: re.Match[str], month: int, year: int) -> Span | None:
    return _inside(match, year, month)


def _inside(match: re.Match[str], year: int, month: int) -> Span | None:
    """The day, part or week the match names inside a month, or the whole month."""
    groups = match.groupdict()
    if number := groups["day"] or groups.get("bare"):
        return _single(make_date(year, month, int(number)))
    if part := groups["part"]:
        return part_of_month(year, month, part)
    if nth := groups["nth"]:
        return week_of_month(year, month, _NTH.get(nth) or int(nth))
    return month_span(year, month)


def _kind(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups["day"] or groups.get("bare"):
        return "day"
    return "month_part" if groups["part"] else "week" if groups["nth"] else "month"


def _single(day: date | None) -> Span | None:
    return day_span(day) if day else None


MONTH_PATTERNS = (
    (RELATIVE_MONTH, read_relative_month),
    (NUMBERED_MONTH, read_numbered_month),
    (SPELLED_MONTH, read_spelled_month),
    (ALONE, read_alone),
    (BARE_DAY, read_bare_day),
)

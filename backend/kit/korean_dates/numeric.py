"""Dates in figures: 2026-12-01, 26.12.01, 8/15, 08.15, and short ranges such as 12/1~15, 8~10월."""

from __future__ import annotations

import re
from datetime import date

from backend.kit.korean_dates.calendar_spans import Span, day_span, make_date, month_span
from backend.kit.korean_dates.edges import DIGIT_START, WEEKDAY
from backend.kit.korean_dates.reading import Reading, yearly

_START = r"(?<![0-9A-Za-z.,/+:\-])"
_IN_PARENTHESES = rf"(?:\s?\((?:[월화수목금토일]|{WEEKDAY})\))?"
_AS_DATE = r"(?=\s?(?:까지|까진|부터|부턴|이후|이전|전|~|∼|일자|자\b|에\b)|\s?\([월화수목금토일])"
# An order number (20261201-0000012) and a longer code must not be cut into a date.
_STOP = r"(?![\d/]|[.\-]\d|[A-Za-z%])"

FULL = re.compile(
    rf"{_START}(?P<year>20\d\d|[23]\d)(?P<sep>[-./])\s?(?P<month>1[0-2]|0?[1-9])(?P=sep)\s?(?P<day>3[01]|[12]\d|0?[1-9])"
    rf"{_STOP}{_IN_PARENTHESES}"
)
SOLID = re.compile(
    rf"{_START}(?P<year>20\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])(?:{_AS_DATE}|(?=\s*\Z))"
)
SLASH = re.compile(
    rf"{DIGIT_START}(?:(?P<fraction>1/[234]|2/3|3/4){_AS_DATE}"
    rf"|(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])){_STOP}{_IN_PARENTHESES}"
)
# 3.5 or 4.5 is a number unless it is padded like a date (08.15) or used as one (8.15까지).
DOT = re.compile(
    rf"{_START}(?:(?P<padded>0[1-9]|1[0-2])\.(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?!\s?(?:배|점|원|만|천|%|퍼|프로|cm|kg|개|인치))"
    rf"|(?P<month>1[0-2]|[1-9])\.(?P<day2>3[01]|[12]\d|0?[1-9])(?!\d){_AS_DATE}){_STOP}{_IN_PARENTHESES}"
)
DAY_RANGE = re.compile(
    rf"{DIGIT_START}(?P<month>1[0-2]|0?[1-9])(?:/|\s?월\s?)(?P<from>\d{{1,2}})\s?[~∼-]\s?(?P<to>\d{{1,2}})(?:\s?일|(?![\d/.]|\s?월))"
)
MONTH_RANGE = re.compile(rf"{DIGIT_START}(?P<from>1[0-2]|[1-9])\s?[~∼-]\s?(?P<to>1[0-2]|[1-9])\s?월(?!\s?\d)")


def read_full(match: re.Match[str], today: date) -> Reading | None:
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    day = make_date(year, int(match["month"]), int(match["day"]))
    return Reading("day", fixed=day_span(day)) if day else None


def read_solid(match: re.Match[str], today: date) -> Reading | None:
    day = make_date(int(match["year"]), int(match["month"]), int(match["day"]))
    return Reading("day", fixed=day_span(day)) if day else None


def read_slash(match: re.Match[str], today: date) -> Reading | None:
    pair = match["fraction"] or f"{match['month']}/{match['day']}"
    if match["fraction"] is None and pair in ("1/2", "1/3", "1/4", "2/3", "3/4"):
        return None  # a half, a third: 1/2 가격
    month, day = map(int, pair.split("/"))
    return _every_year(month, day)


def read_dot(match: re.Match[str], today: date) -> Reading | None:
    return _every_year(int(match["padded"] or match["month"]), int(match["day"] or match["day2"]))


def read_day_range(match: re.Match[str], today: date) -> Reading | None:
    month, first, last = int(match["month"]), int(match["from"]), int(match["to"])
    if first >= last or make_date(2024, month, last) is None:
        return None

    def in_year(year: int) -> Span | None:
        start, end = make_date(year, month, first), make_date(year, month, last)
        return (start, end) if start and end else None

    return Reading("range", options=yearly(in_year))


def read_month_range(match: re.Match[str], today: date) -> Reading:
    first, last = int(match["from"]), int(match["to"])
    return Reading(
        "range", options=yearly(lambda year: (date(year, first, 1), month_span(year + (last < first), last)[1]))
    )


def _every_year(month: int, day: int) -> Reading | None:
    def in_year(year: int) -> Span | None:
        made = make_date(year, month, day)
        return day_span(made) if made else None

    return Reading("day", options=yearly(in_year)) if in_year(2024) else None


NUMERIC_PATTERNS = (
    (FULL, read_full),
    (SOLID, read_solid),
    (SLASH, read_slash),
    (DOT, read_dot),
    (DAY_RANGE, read_day_range),
    (MONTH_RANGE, read_month_range),
)

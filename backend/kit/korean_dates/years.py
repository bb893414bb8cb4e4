"""Years and what hangs on them: 올해, 작년 12월, 상반기, 이번 분기, 연말, 내년 설날."""

from __future__ import annotations

import re
from datetime import date

from backend.kit.korean_dates.calendar_spans import FIRST_YEAR, LAST_YEAR, Span, months_span, shift_month
from backend.kit.korean_dates.edges import DIGIT_START, WORD_START
from backend.kit.korean_dates.feasts import FEAST_NAMES, feast_span
from backend.kit.korean_dates.reading import Lean, Reading, yearly

_YEARS_ON = {"올해": 0, "금년": 0, "올": 0, "작년": -1, "지난해": -1, "재작년": -2, "내년": 1, "내후년": 2}
# A two-digit year counts only in front of a month: '25년 8월', not '25년 전통'.
_YEAR_WORDS = (
    rf"{WORD_START}(?:올해|금년|재작년|작년|지난\s?해|내후년|내년|올(?=\s?(?:설|추석|한가위|크리스마스|[상하]반기|\d{{1,2}}\s?월)))"
    rf"|{DIGIT_START}(?:20\d\d\s?년도?|'?[2-4]\d\s?년(?=\s?\d{{1,2}}\s?월))(?!형|식|산)"
)
YEAR = rf"(?P<year>{_YEAR_WORDS})"
WHOLE_YEAR = re.compile(
    rf"{YEAR}(?!\s?\d{{1,2}}\s?월)(?:\s?(?P<part>말(?!고|씀|하)|초(?!과|기)|[상하]반기|(?P<quarter>[1-4])(?:/4)?\s?분기))?"
)
PART_OF_YEAR = re.compile(
    rf"{WORD_START}(?P<part>연말|년말|연초|연내)(?!정산|결산|연시)"
    r"|(?:(?P<which>이번|지난|저번|다음)\s?)?(?:(?P<half>[상하]반기)|(?<![/\d])(?P<quarter>[1-4])(?:/4)?\s?분기)"
    r"|(?P<which_whole>이번|금|지난|저번|다음|전)\s?(?P<whole>분기|반기)"
)
_FEAST = (
    "|".join(map(re.escape, FEAST_NAMES))
    .replace("의날", r"의\s?날")
    .replace("스이브", r"스\s?이브")
    .replace("랙프", r"랙\s?프")
)
_FEAST_USE = r"(?=\s?(?:까지|까진|부터|전|후(?!기)|이후|이전|동안|때|당일|기간|시즌|지나|끝|쯤|에\b|엔\b|날\b)|\s*\Z)"
FEAST = re.compile(
    rf"(?:{YEAR}\s?|(?P<which>지난|저번|이번|다음|오는)\s?|{WORD_START})(?P<feast>{_FEAST})(?P<long>\s?연휴)?(?P<used>{_FEAST_USE})?"
)


def year_named(word: str | None, today: date) -> int | None:
    """The year a word such as 작년, 2026년 or '26년 means; None without one or outside the calendar."""
    if not word:
        return None
    word = re.sub(r"\s", "", word)
    if word in _YEARS_ON:
        return today.year + _YEARS_ON[word]
    digits = re.sub(r"\D", "", word)
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def read_year(match: re.Match[str], today: date) -> Reading | None:
    year = year_named(match["year"], today)
    if year is None:
        return None
    if match["quarter"]:
        return Reading("quarter", fixed=_quarter(year, int(match["quarter"])))
    part = match["part"]
    if part is None:
        return Reading("year", fixed=months_span(year, 1, 12))
    if part in ("말", "초"):
        return Reading("year_part", fixed=months_span(year, 12 if part == "말" else 1, 1))
    return Reading("half", fixed=_half(year, part))


def read_part_of_year(match: re.Match[str], today: date) -> Reading:
    part, which = match["part"], match["which"] or match["which_whole"]
    if part:
        if part == "연내":
            return Reading("year", fixed=months_span(today.year, 1, 12))
        month = 1 if part == "연초" else 12
        return Reading("year_part", options=yearly(lambda year: months_span(year, month, 1)))
    by = {"지난": -1, "저번": -1, "전": -1, "다음": 1}.get(which or "", 0)
    lean: Lean | None = {-1: "past", 1: "future"}.get(by)  # type: ignore[assignment]
    if match["whole"] == "분기":
        year, month = shift_month(today.year, (today.month - 1) // 3 * 3 + 1, by * 3)
        return Reading("quarter", fixed=months_span(year, month, 3))
    if match["quarter"]:
        number = int(match["quarter"])
        return Reading("quarter", options=yearly(lambda year: _quarter(year, number)), lean=lean)
    if match["whole"]:
        year, month = shift_month(today.year, 1 if today.month < 7 else 7, by * 6)
        return Reading("half", fixed=months_span(year, month, 6))
    half = match["half"]
    return Reading("half", options=yearly(lambda year: _half(year, half)), lean=lean)


def read_feast(match: re.Match[str], today: date, loose: bool) -> Reading | None:
    """A feast is a date when something says so (추석까지, 작년 추석); '추석 선물세트' is only that when `loose`."""
    if not (match["year"] or match["which"] or match["used"] is not None or match["long"] or loose):
        return None
    name, long = match["feast"], bool(match["long"])
    if name == "설" and not (long or match["used"] is not None or match["year"]):
        return None
    if match["year"]:
        year = year_named(match["year"], today)
        span = feast_span(name, year, long) if year else None
        return Reading("holiday", fixed=span) if span else None
    lean: Lean | None = {"지난": "past", "저번": "past", "다음": "future", "오는": "future"}.get(match["which"] or "")  # type: ignore[assignment]
    options = yearly(lambda year: feast_span(name, year, long))
    return Reading("holiday", options=options, lean=lean)


def _quarter(year: int, number: int) -> Span:
    return months_span(year, number * 3 - 2, 3)


def _half(year: int, half: str) -> Span:
    return months_span(year, 1 if half == "상반기" else 7, 6)


YEAR_PATTERNS = ((WHOLE_YEAR, read_year), (PART_OF_YEAR, read_part_of_year))

"""Days named from today on (오늘, 낼, 모레, 그제) and weekdays (금요일, 다음주 금욜, 지난 월요일)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from backend.kit.korean_dates.calendar_spans import day_span, week_span
from backend.kit.korean_dates.edges import (
    NOT_A_WEEK,
    UNTIL_OR_FROM,
    WEEKDAY,
    WEEKDAY_LETTERS,
    WORD_END,
    WORD_START,
)
from backend.kit.korean_dates.reading import Lean, Reading, weekly

_DAYS_ON = {
    "그끄저께": -3, "그끄제": -3, "엊그저께": -2, "엊그제": -2, "그저께": -2, "그제": -2, "어제": -1, "어저께": -1,
    "작일": -1, "오늘": 0, "금일": 0, "내일모레": 2, "내일모래": 2, "낼모레": 2, "낼모래": 2, "내일": 1, "명일": 1,
    "모레": 2, "글피": 3, "그글피": 4,
}  # fmt: skip
_NAMED = "|".join(sorted(_DAYS_ON, key=len, reverse=True))
# 오늘의집 is a market, 내일정 is 'my schedule', 그제서야 is 'only then'.
_NOT_A_DAY = r"(?!의\s?집|정|서야|야|까지껏)"
_WHEN = r"(?=\s?(?:까지|까진|부터|부턴|오전|오후|아침|새벽|낮|점심|저녁|밤|정오|자정|[0-9]{1,2}\s?시|은\b|에\b|쯤))"

NAMED_DAY = re.compile(
    rf"{WORD_START}(?P<day>{_NAMED}){_NOT_A_DAY}{WORD_END}(?:\s?하루(?![가-힣]{{2}}(?<!까지|동안)))?|(?P<glued>오늘|내일|어제|모레){UNTIL_OR_FROM}"
)
# 낼 also means 'to pay' and 모래 is sand: both count only where a time must follow, or as the whole answer.
TYPED_DAY = re.compile(rf"{WORD_START}(?P<day>낼|모래){_WHEN}|\A\s*(?P<whole>낼|모래)\s*\Z")

_WEEKS_ON = {
    "이번": 0, "요번": 0, "금": 0, "다음": 1, "담": 1, "차": 1, "다다음": 2, "다담": 2,
    "지난": -1, "저번": -1, "지지난": -2, "저저번": -2,
}  # fmt: skip
_LETTER_END = r"(?=\s?(?:까지|까진|부터|부턴|에\b|~|∼|,|\)|\Z|오전|오후|밤|\d{1,2}\s?시))"
WEEK = re.compile(
    rf"(?P<week>(?:이번|요번|다다음|다음|지지난|저저번|지난|저번)\s?주|{WORD_START}(?:다담|담|금|차)주){NOT_A_WEEK}"
    rf"(?:\s?(?P<weekday>{WEEKDAY})|\s?(?P<letter>[월화수목금토일]){_LETTER_END}"
    rf"|\s?(?P<end>(?:주\s?)?말)(?!고|씀|하|했|을|이야)|\s?(?P<early>초)(?!과|기|대|보))?"
)
WEEKEND = re.compile(rf"{WORD_START}주말(?!마다|농장|의)")
BARE_WEEKDAY = re.compile(
    rf"(?:(?P<which>이번|요번|다음|담|지난|저번|오는|돌아오는)\s?)?(?<!공휴)(?<!국경)(?P<weekday>{WEEKDAY})(?!마다|별)"
)


def read_named_day(match: re.Match[str], today: date) -> Reading:
    days_on = _DAYS_ON[match["day"] or match["glued"]]
    return Reading("day", fixed=day_span(today + timedelta(days=days_on)))


def read_typed_day(match: re.Match[str], today: date) -> Reading:
    days_on = 1 if (match["day"] or match["whole"]) == "낼" else 2
    return Reading("day", fixed=day_span(today + timedelta(days=days_on)))


def read_week(match: re.Match[str], today: date) -> Reading:
    monday, sunday = week_span(today, _WEEKS_ON[re.sub(r"\s?주\Z", "", match["week"])])
    if named := match["weekday"] or match["letter"]:
        return Reading("day", fixed=day_span(monday + timedelta(days=WEEKDAY_LETTERS.index(named[0]))))
    if match["end"]:
        return Reading("weekend", fixed=(monday + timedelta(days=5), sunday))
    if match["early"]:
        return Reading("week_part", fixed=(monday, monday + timedelta(days=1)))
    return Reading("week", fixed=(monday, sunday))


def read_weekend(match: re.Match[str], today: date) -> Reading:
    return Reading("weekend", options=weekly(5, days=2))


def read_weekday(match: re.Match[str], today: date) -> Reading:
    """이번 금요일 is this week's, 다음 금요일 next week's; without a word the next (or last) one that is not today."""
    weekday = WEEKDAY_LETTERS.index(match["weekday"][0])
    which = match["which"]
    if which in ("다음", "담"):
        return Reading("day", fixed=day_span(week_span(today, 1)[0] + timedelta(days=weekday)))
    if which in ("이번", "요번"):
        return Reading("day", options=weekly(weekday), lean="future")
    lean: Lean | None = "past" if which in ("지난", "저번") else "future" if which else None
    return Reading("weekday", options=weekly(weekday), lean=lean, strict=True)


DAY_PATTERNS = (
    (NAMED_DAY, read_named_day),
    (TYPED_DAY, read_typed_day),
    (WEEK, read_week),
    (WEEKEND, read_weekend),
    (BARE_WEEKDAY, read_weekday),
)

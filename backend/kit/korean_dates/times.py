"""A moment as people say it: 내일 오후 3시, 12월 1일 오전 9시 반, 3시간 뒤, 정오."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.kit.clock import SEOUL, seoul
from backend.kit.korean_dates.lengths import HOURS, read_hours
from backend.kit.korean_dates.scan import scan
from backend.kit.numbers import read_numeral

_PART = r"(?P<part>오전|오후|아침|새벽|한낮|대낮|낮|점심|저녁|한밤|밤|[AaPp]\.?[Mm]\.?)"
_CLOCK = re.compile(
    rf"(?:{_PART}\s?)?(?:(?<![\d.:])(?P<hour>2[0-4]|1\d|0?\d)|(?<![가-힣])(?P<word>열한|열두|열|한|두|세|네|다섯|여섯|일곱|여덟|아홉)"
    r"|(?<=[전후침벽낮심녁밤]\s)(?P<word2>한|두|세|네))\s?시(?!간|즌|작|스|계|장|도|행|점|리|안|험|세|급|중|력|즈|켜|킬|킨|켰)"
    r"(?:\s?(?P<minute>[0-5]?\d)\s?분(?!기|의)|\s?(?P<half>반)(?![가-힣]{2}|품|려|영))?"
)
_DIGITAL = re.compile(
    rf"(?:{_PART}\s?)?(?<![\d:.])(?P<hour>2[0-4]|[01]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])(?:\s?(?P<after>[AaPp][Mm]))?"
)
_NOON = re.compile(r"(?<![가-힣])(?P<word>정오|자정)")
_MORNING = ("오전", "아침", "새벽", "a")
_EVENING = ("오후", "저녁", "p")


def parse_datetime(text: str, today: date, *, now: datetime | None = None) -> datetime | None:
    """The moment a text means, aware, in Asia/Seoul; None when it names no time of day.

    '3시' without 오전/오후 is 15:00, as one to six o'clock are in business. 자정 ends the day it is said of. A time
    without a date is today's, or tomorrow's when `now` is given and it has passed; '3시간 뒤' needs `now`.
    """
    if now is not None and (later := HOURS.search(text)):
        return read_hours(later, seoul(now))
    found = _time_of_day(text)
    if found is None:
        return None
    minutes, start, end = found
    mentions = [
        m for m in scan(text, today, None, "future") if m.kind != "length" and (m.end <= start or m.start >= end)
    ]
    day = mentions[0].start_date if mentions else today
    moment = datetime.combine(day, time(), SEOUL) + timedelta(minutes=minutes)
    if not mentions and now is not None and moment <= now:
        moment += timedelta(days=1)
    return moment


@dataclass(frozen=True)
class ClockTime:
    """A time of day in a text: minutes after midnight (1440 for 자정), and whether it says which half of the day."""

    minutes: int
    start: int
    end: int
    certain: bool


def clock_times(text: str) -> list[ClockTime]:
    """Every time of day, in order."""
    found: list[ClockTime] = []
    for pattern in (_DIGITAL, _CLOCK, _NOON):
        for match in pattern.finditer(text):
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(_clock_time(match, pattern))
    return sorted(found, key=lambda one: one.start)


def _clock_time(match: re.Match[str], pattern: re.Pattern[str]) -> ClockTime:
    groups = match.groupdict()
    if pattern is _NOON:
        return ClockTime((12 if match["word"] == "정오" else 24) * 60, *match.span(), certain=True)
    hour = int(groups["hour"]) if groups["hour"] else read_numeral(groups.get("word") or groups.get("word2") or "")
    minute = 30 if groups.get("half") else int(groups["minute"] or 0)
    part = (groups["part"] or groups.get("after") or "").lower()
    minutes = _hour_of_day(hour or 0, part, pattern is _CLOCK) * 60 + minute
    return ClockTime(minutes, *match.span(), certain=bool(part) or (hour or 0) > 12 or hour == 0)


def _time_of_day(text: str) -> tuple[int, int, int] | None:
    """Minutes after midnight and where the text says so; what is written with digits first."""
    for pattern in (_DIGITAL, _CLOCK, _NOON):
        if match := pattern.search(text):
            one = _clock_time(match, pattern)
            return one.minutes, one.start, one.end
    return None


def _hour_of_day(hour: int, part: str, spoken: bool) -> int:
    if part.startswith(_MORNING):
        return 0 if hour == 12 else hour
    if part.startswith(_EVENING):
        return hour + 12 if hour < 12 else hour
    if part in ("밤", "한밤"):  # 밤 11시 is late, 밤 12시 midnight, 밤 2시 the small hours after it
        return 24 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    if part:  # 낮, 점심
        return hour + 12 if 1 <= hour <= 5 else hour
    return hour + 12 if spoken and 1 <= hour <= 6 else hour

"""Another time for something that is planned: 내일 말고 금요일에, 다음 주로 미뤄줘, 오후 3시로, 하루만 늦춰줘; and 하루 더."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from backend.kit.clock import SEOUL, seoul
from backend.kit.korean_dates.calendar_spans import week_span
from backend.kit.korean_dates.lengths import LENGTH, length_of
from backend.kit.korean_dates.mention import DateMention
from backend.kit.korean_dates.reading import Length
from backend.kit.korean_dates.scan import scan
from backend.kit.korean_dates.times import ClockTime, clock_times
from backend.kit.numbers import read_numeral

_INSTEAD = re.compile(
    r"\s?(?:에는|에|은|는|로|으로)?\s?(?:말고|말구|말고요|아니고|아니라|빼고|대신|안\s?되고|안되고|에서|꺼를?|거를?|걸)"
)
_LATER = r"(?:뒤로|미[루뤄룰뤘룹]|밀어|늦[추춰출췄]|연기|나중)"
_EARLIER = r"(?:앞으로|앞당|당[기겨길])"
_SHIFT = re.compile(
    rf"{LENGTH}\s?(?:만|정도|쯤|씩)?\s?(?:더|만\s?더)?\s?(?:(?P<later>{_LATER})|(?P<earlier>{_EARLIER}))"
)
_COUNT = r"(?P<count>(?<![\d.:])\d{1,3}|(?<![가-힣])(?:한|두|세|네|다섯|여섯|열두|열))"
_SHIFT_HOURS = re.compile(
    rf"{_COUNT}\s?(?P<unit>시간|분)\s?(?P<half>반)?\s?(?:만|정도|쯤)?\s?(?:더)?\s?(?:(?P<later>{_LATER})|(?P<earlier>{_EARLIER}))"
)
_MORE = re.compile(rf"{LENGTH}\s?(?:만|정도|쯤|간)?\s?(?:더|연장|늘[려리여]|추가)")
_MORE_BEFORE = re.compile(rf"(?:더|연장|늘려)[가-힣]*\s?{LENGTH}")
_LESS = re.compile(rf"{LENGTH}\s?(?:만|정도|쯤)?\s?(?:줄[여이]|당[겨기]|앞당|빨리|일찍)")
#: parts of a day without an hour
_PARTS = (("아침", 9), ("점심", 12), ("저녁", 18))


def parse_move(text: str, start: datetime, now: datetime) -> datetime | date | None:
    """Where something that starts at `start` shall go: a day (at its own hour), or a moment; None when the text says neither.

    A week is the same day of that week, a longer stretch its first day. Lengths count from `start` where something is
    put off by them (이틀 미뤄줘), else from today (이틀 뒤에).
    """
    local, today = seoul(start), seoul(now).date()
    if match := _SHIFT_HOURS.search(text):
        return local + _hours(match)
    if (match := _SHIFT.search(text)) and (length := length_of(match)):
        shifted = length.after(local.date()) if match["later"] else length.before(local.date())
        return _with_time(text, shifted, local, now) or shifted
    mentions = [m for m in scan(text, today, None, "future", loose=True) if not _INSTEAD.match(text, m.end)]
    day = _day(mentions[-1], local.date()) if mentions else None
    return _with_time(text, day, local, now) or day


def parse_more(text: str) -> tuple[Length, int] | None:
    """A length by which an end shall move, and 1 or -1: 하루 더, 일주일 연장, 이틀 줄여줘."""
    for pattern, sign in ((_MORE, 1), (_MORE_BEFORE, 1), (_LESS, -1)):
        if (match := pattern.search(text)) and (length := length_of(match)):
            return length, sign
    return None


def _day(mention: DateMention, start: date) -> date:
    if mention.kind == "length":
        return start + (mention.end_date - mention.start_date)
    if mention.kind == "week":
        day = week_span(mention.start_date)[0] + timedelta(days=start.weekday())
        return day if day > start else day + timedelta(weeks=1)  # what is next week already goes one on
    if mention.bound == "after":
        return mention.end_date + timedelta(days=1)
    if mention.bound == "range":
        return mention.end_date
    return mention.start_date


def _with_time(text: str, day: date | None, local: datetime, now: datetime) -> datetime | None:
    """None when the text names no time of day."""
    times = [one for one in clock_times(text) if not _INSTEAD.match(text, one.end)]
    on = day or local.date()
    if not times:
        part = next((hour for word, hour in _PARTS if word in text), None)
        return datetime.combine(on, time(part), SEOUL) if part else None
    moment = _at(on, times[-1])
    half_a_day = timedelta(hours=12)
    if moment <= now and not times[-1].certain and moment + half_a_day > now and times[-1].minutes < 12 * 60:
        return moment + half_a_day
    return moment


def _at(day: date, one: ClockTime) -> datetime:
    return datetime.combine(day, time(), SEOUL) + timedelta(minutes=one.minutes)


def _hours(match: re.Match[str]) -> timedelta:
    count = read_numeral(match["count"]) or 0
    minutes = count * 60 + (30 if match["half"] else 0) if match["unit"] == "시간" else count
    return timedelta(minutes=minutes if match["later"] else -minutes)

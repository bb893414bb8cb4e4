"""From when until when something shall hold: 내일부터 일요일까지, 주말에만, 오늘 6시부터, 11월 30일 오전 9시까지, 3시간만."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.kit.clock import SEOUL, seoul
from backend.kit.korean_dates.mention import DateMention
from backend.kit.korean_dates.scan import scan
from backend.kit.korean_dates.times import ClockTime, clock_times
from backend.kit.numbers import read_numeral

Moment = datetime | date

_BESIDE = re.compile(r"\s*(?:에|날|의|은|는|,)?\s*")
_UNTIL = re.compile(r"\s?(?:쯤|정도)?\s?(?:이?전\s?)?(?:까지|까진)")
_FROM = re.compile(r"\s?(?:쯤)?\s?(?:부터|부턴|이후|[~∼-])")
_ONLY = re.compile(r"\s?(?:에|엔)?\s?(?:하루\s?)?(?:만(?!에|원|큼|족)|동안|내내)")
_STOPS = re.compile(r"\s?(?:에|엔|은|는|,)?\s?(?:꺼|끄|끌|멈|중지|정지|중단|스톱|쉬|off|오프)", re.IGNORECASE)
_COUNT = r"(?P<count>(?<![\d.:])\d{1,3}|(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열두|열))"
_HOURS = re.compile(
    rf"{_COUNT}\s?(?P<unit>시간|분)\s?(?P<half>반)?\s?(?:정도|쯤)?\s?(?P<sure>만(?!에|원|큼|족)|동안|간(?!격|편))?(?!\s?(?:뒤|후|전|있다))"
)


@dataclass(frozen=True)
class Stretch:
    """A whole day is a date, and the last one counts; an hour is an aware moment. `start` None: at once; `end` None: for good."""

    start: Moment | None
    end: Moment | None


def parse_stretch(text: str, now: datetime) -> Stretch | None:
    """None where the text sets neither a start nor an end.

    A day in passing is neither: in 내일 바뀌는 진열 꺼줘 it says which; in 내일 꺼줘 it says when. Without 오전 or 오후 an
    hour is the next that comes (오늘 6시부터 at two o'clock is 18:00), an end the next after its start.
    """
    today = seoul(now).date()
    mentions = scan(text, today, None, "future", loose=True)
    times = [
        t for t in clock_times(text) if _UNTIL.match(text, t.end) or _FROM.match(text, t.end) or _is_start(text, t)
    ]
    start: Moment | None = None
    end: Moment | None = None
    used: set[int] = set()
    for one in times:
        day = next((m for m in mentions if m.end <= one.start and _BESIDE.fullmatch(text, m.end, one.start)), None)
        if day:
            used.add(day.start)
            if day.bound == "range" and start is None:
                start = _ahead(day.start_date, today)
        if _UNTIL.match(text, one.end):
            end = _end_moment(one, day, start, now)
        elif start is None:
            start = _start_moment(one, day, now)
    rest = [m for m in mentions if m.start not in used]
    whole = _of_days(text, rest, today)
    start = start if start is not None else whole.start
    end = end if end is not None else whole.end
    if end is None and (hours := _some_hours(text, sure=start is None and "지금부터" not in text)):
        end = (start if isinstance(start, datetime) else seoul(now).replace(second=0, microsecond=0)) + hours
    if start is None and end is None and not _starts_today(text, rest, today):
        return None
    return Stretch(start, end)


def _of_days(text: str, mentions: list[DateMention], today: date) -> Stretch:
    """What whole days say."""
    for m in mentions:
        if m.bound == "range":
            return Stretch(_ahead(m.start_date, today), m.end_date)
    begin = next((m for m in mentions if m.bound == "from"), None)
    ends = [m for m in mentions if m is not begin and m.bound in ("until", "before", "for")]
    end = _end_day(ends[-1]) if ends else None
    if begin:
        return Stretch(_ahead(begin.start_date, today), end)
    if ends:
        return Stretch(None, end)
    for m in mentions:
        if m.bound == "on" and m.end_date >= today:
            if _ONLY.match(text, m.end) or m.text.endswith("하루"):
                return Stretch(_ahead(m.start_date, today), m.end_date)
            if m.start_date == m.end_date and m.start_date > today and _STOPS.match(text, m.end):
                return Stretch(m.start_date, None)
    return Stretch(None, None)


def _end_day(mention: DateMention) -> date:
    return mention.start_date - timedelta(days=1) if mention.bound == "before" else mention.end_date


def _starts_today(text: str, mentions: list[DateMention], today: date) -> bool:
    """오늘부터 says a start, though it is now."""
    return any(m.bound == "from" and m.start_date <= today for m in mentions)


def _ahead(day: date, today: date) -> date | None:
    """A first day that is today or past is now."""
    return day if day > today else None


def _is_start(text: str, one: ClockTime) -> bool:
    """내일 오후 3시에 꺼줘."""
    return _STOPS.match(text, one.end) is not None


def _start_moment(one: ClockTime, day: DateMention | None, now: datetime) -> datetime:
    today = seoul(now).date()
    on = day.end_date if day else today
    choices = [_at(on, minutes) for minutes in _halves(one)]
    if on == today:
        ahead = [moment for moment in choices if moment > now]
        if ahead:
            return ahead[0]
        if day is None:
            return _at(today + timedelta(days=1), one.minutes)
    return _at(on, one.minutes)


def _end_moment(one: ClockTime, day: DateMention | None, start: Moment | None, now: datetime) -> datetime:
    after = start if isinstance(start, datetime) else _at(start, 0) if start else now
    if day is None:
        on = seoul(after).date()
        ahead = [moment for moment in (_at(on, minutes) for minutes in _halves(one)) if moment > after]
        return ahead[0] if ahead else _at(on + timedelta(days=1), one.minutes)
    choices = [_at(day.end_date, minutes) for minutes in (one.minutes, *_halves(one))]
    return next((moment for moment in choices if moment > after), choices[0])


def _halves(one: ClockTime) -> list[int]:
    """An hour that does not say which half of the day it means may be either."""
    if one.certain:
        return [one.minutes]
    morning = one.minutes % (12 * 60)
    return [morning, morning + 12 * 60]


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), SEOUL) + timedelta(minutes=minutes)


def _some_hours(text: str, *, sure: bool) -> timedelta | None:
    """3시간만, 한 시간 동안; behind a start (6시부터 3시간) the bare length says it."""
    match = _HOURS.search(text)
    if match is None or (sure and not match["sure"]):
        return None
    count = read_numeral(match["count"])
    if not count:
        return None
    minutes = count * 60 + (30 if match["half"] else 0) if match["unit"] == "시간" else count
    return timedelta(minutes=minutes)

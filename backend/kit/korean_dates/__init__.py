"""Korean date expressions as people type them, found, understood and written.

Rules that a reader of a result needs to know:
- Weeks start on Monday. 초 is the 1st–10th of a month, 중순 the 11th–20th, 말 the 21st to the last day.
- A length that starts now does not count today (민법 제157조): on the 28th, 열흘 동안 ends on the 8th. One that starts on
  a named day counts it: 12월 1일부터 일주일 is the 1st–7th. Looking back, 최근 7일 counts today.
- 월요일 alone is never today. 다음 금요일 is the Friday of next week, 이번 금요일 the coming one.
- 설날 and 추석 are known for 2024–2032 (see `feasts`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from backend.kit.korean_dates.mention import Bound, DateMention
from backend.kit.korean_dates.moves import parse_more, parse_move
from backend.kit.korean_dates.reading import Lean
from backend.kit.korean_dates.scan import scan
from backend.kit.korean_dates.speak import speak_ago, speak_date, speak_datetime, speak_time
from backend.kit.korean_dates.stretches import Stretch, parse_stretch
from backend.kit.korean_dates.times import parse_datetime

__all__ = [
    "Bound",
    "DateMention",
    "Lean",
    "Stretch",
    "find_dates",
    "parse_datetime",
    "parse_more",
    "parse_move",
    "parse_period",
    "parse_stretch",
    "parse_until",
    "speak_ago",
    "speak_date",
    "speak_datetime",
    "speak_time",
]


def find_dates(text: str, today: date, *, now: datetime | None = None, lean: Lean = "near") -> list[DateMention]:
    """Every date expression in a text, in order, not overlapping.

    Without a year or month the words are ambiguous: what ends (까지, 동안) lies ahead, anything else is the occurrence
    nearest to today, unless `lean` says "past" or "future". '3시간 뒤' is found only with `now`.
    """
    return scan(text, today, now, lean)


def parse_until(text: str, today: date) -> date | None:
    """The last day of a stretch that begins now: 다음주까지, 열흘간, 8월까지만, or a bare date given as an answer.

    None when the text sets no end (부터 only, no date, or only a past day mentioned in passing).
    """
    mentions = scan(text, today, None, "future", loose=True)
    for bound in ("until", "range"):
        if ends := [m.end_date for m in mentions if m.bound == bound]:
            return ends[-1]
    before = [m.start_date - timedelta(days=1) for m in mentions if m.bound == "before"]
    if before:
        return before[-1]
    ahead = [m.end_date for m in mentions if m.bound == "for" and m.start_date >= today] or [
        m.end_date for m in mentions if m.bound == "on" and m.end_date >= today
    ]
    return ahead[-1] if ahead else None


def parse_period(text: str, today: date, *, lean: Lean = "past") -> tuple[date, date] | None:
    """The first and last day of the period a text is about, by default looking back (8월 매출 is the latest August).

    '…부터' alone runs until today, '…까지' alone from the first of its month (or from today when it lies ahead).
    """
    mentions = scan(text, today, None, lean, loose=True)
    for mention in mentions:
        if mention.bound == "range":
            return mention.start_date, mention.end_date
    begin = next((m for m in mentions if m.bound == "from"), None)
    end = next((m for m in mentions if m.bound == "until" and m is not begin), None)
    if begin and end and begin.start_date <= end.end_date:
        return begin.start_date, end.end_date
    if begin:
        return begin.start_date, max(today, begin.end_date)
    if end and end.kind != "length":
        return (today if end.end_date > today else end.end_date.replace(day=1)), end.end_date
    first = next((m for m in mentions if m.bound not in ("before", "after")), None)
    return (first.start_date, first.end_date) if first else None

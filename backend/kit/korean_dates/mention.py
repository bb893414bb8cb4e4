"""The answer type of find_dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Bound = Literal["on", "until", "from", "for", "range", "before", "after"]


@dataclass(frozen=True)
class DateMention:
    """A date expression in a text.

    `text` is exactly source[start:end], without the particle behind it; `start_date` and `end_date` are both
    included. `kind`: day, weekday, week, week_part, weekend, month, month_part, quarter, half, year, year_part,
    holiday, length, moment or range. `bound` is how the text uses it: 금요일에 on, 금요일까지 until, 금요일부터 from,
    사흘 동안 for, 금요일 전에 before, 금요일 지나고 after, 월요일부터 금요일까지 range.
    """

    start: int
    end: int
    text: str
    kind: str
    start_date: date
    end_date: date
    bound: Bound

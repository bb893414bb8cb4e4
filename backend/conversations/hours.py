"""When support agents answer: weekdays in Seoul without Korean public holidays (`data/conversation/hours.yml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from backend.conversations.wording import say
from backend.kit import clock
from backend.kit.korean_dates.speak import speak_time
from backend.kit.yaml_file import read_yaml
from backend.settings import ROOT

SOURCE = ROOT / "data" / "conversation" / "hours.yml"
_LOOK_AHEAD = 60  # days; the longest closure of the calendar is far shorter


@dataclass(frozen=True)
class Hours:
    weekdays: frozenset[int]
    opens: time
    closes: time
    country: str
    extra_closed: Mapping[date, str] = field(default_factory=dict)
    extra_open: frozenset[date] = frozenset()

    def closure(self, day: date) -> str | None:
        """Why agents do not answer on that day: a holiday's Korean name, "weekend", or None on a working day."""
        if day in self.extra_closed:
            return self.extra_closed[day]
        if day in self.extra_open:
            return None
        name = _calendar(self.country, day.year).get(day)
        if name:
            return str(name)
        return None if day.weekday() in self.weekdays else "weekend"

    def is_open(self, at: datetime) -> bool:
        local = clock.seoul(at)
        return self.closure(local.date()) is None and self.opens <= local.time() < self.closes

    def next_opening(self, at: datetime) -> datetime:
        """The first opening after `at`, in Seoul time; ValueError when there is none within two months."""
        local = clock.seoul(at)
        for ahead in range(_LOOK_AHEAD):
            day = local.date() + timedelta(days=ahead)
            opening = datetime.combine(day, self.opens, local.tzinfo)
            if opening > local and self.closure(day) is None:
                return opening
        raise ValueError("support never opens")

    def closing(self, at: datetime) -> datetime | None:
        """When today's support ends, None while it is closed."""
        local = clock.seoul(at)
        return datetime.combine(local.date(), self.closes, local.tzinfo) if self.is_open(at) else None

    def spoken(self, at: datetime) -> str:
        """The regular hours for a person to read, e.g. 평일 오전 9시 30분부터 …."""
        day = clock.seoul(at)
        opens, closes = (speak_time(datetime.combine(day.date(), t, day.tzinfo)) for t in (self.opens, self.closes))
        return say("hours.text", weekdays=sorted(self.weekdays), opens=opens, closes=closes)

    def closures_ahead(self, day: date, days: int = 30) -> list[tuple[date, str]]:
        """The named closures (no weekends) of the coming days, today included."""
        coming = (day + timedelta(days=n) for n in range(days))
        named = ((d, self.closure(d)) for d in coming)
        return [(d, name) for d, name in named if name and name != "weekend"]


@lru_cache(maxsize=32)
def _calendar(country: str, year: int) -> Mapping[date, str]:
    """Public holidays of one year by Korean name; built whole, for the library's own lazy filling is not thread-safe."""
    return dict(holidays.country_holidays(country, years=year, language="ko" if country == "KR" else None))


@lru_cache
def support_hours() -> Hours:
    read = read_yaml(SOURCE)["hours"]
    return Hours(
        frozenset(read["weekdays"]), time.fromisoformat(read["opens"]), time.fromisoformat(read["closes"]),
        read["holidays"], read.get("extra_closed") or {}, frozenset(read.get("extra_open") or ()),
    )  # fmt: skip

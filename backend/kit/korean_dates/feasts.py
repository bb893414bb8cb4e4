"""Named days people set deadlines by.

설날 and 추석 follow the lunar calendar, so their dates are a fixed table (Korean Standard Time, which differs from the
Chinese date in 2027 and 2028); outside 2024–2032 the two names are not understood. 연휴 adds the day before and after.
"""

from __future__ import annotations

from datetime import date, timedelta

from backend.kit.korean_dates.calendar_spans import Span

_LUNAR = {
    "설날": {
        2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 7), 2028: (1, 27),
        2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11),
    },
    "추석": {
        2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3),
        2029: (9, 22), 2030: (9, 12), 2031: (10, 1), 2032: (9, 19),
    },
}  # fmt: skip
_SOLAR = {
    "신정": (1, 1), "발렌타인데이": (2, 14), "삼일절": (3, 1), "화이트데이": (3, 14), "어린이날": (5, 5),
    "어버이날": (5, 8), "스승의날": (5, 15), "현충일": (6, 6), "광복절": (8, 15), "개천절": (10, 3), "한글날": (10, 9),
    "할로윈": (10, 31), "빼빼로데이": (11, 11), "크리스마스이브": (12, 24), "크리스마스": (12, 25),
}  # fmt: skip
_OTHER_NAMES = {
    "구정": "설날", "설": "설날", "한가위": "추석", "성탄절": "크리스마스", "성탄": "크리스마스", "핼러윈": "할로윈",
    "밸런타인데이": "발렌타인데이", "3.1절": "삼일절", "3·1절": "삼일절", "블프": "블랙프라이데이",
}  # fmt: skip
_BLACK_FRIDAY = "블랙프라이데이"

FEAST_NAMES = tuple(sorted([*_LUNAR, *_SOLAR, *_OTHER_NAMES, _BLACK_FRIDAY], key=len, reverse=True))


def feast_span(name: str, year: int, with_holidays: bool = False) -> Span | None:
    """The day a feast falls on in a year, or None when unknown; spaces inside the name do not matter."""
    name = name.replace(" ", "")
    name = _OTHER_NAMES.get(name, name)
    if name == _BLACK_FRIDAY:
        first = date(year, 11, 1)
        day = first + timedelta(days=(3 - first.weekday()) % 7 + 22)  # the day after the fourth Thursday
    elif name in _LUNAR:
        if year not in _LUNAR[name]:
            return None
        day = date(year, *_LUNAR[name][year])
    elif name in _SOLAR:
        day = date(year, *_SOLAR[name])
    else:
        return None
    around = timedelta(days=1 if with_holidays and name in _LUNAR else 0)
    return day - around, day + around

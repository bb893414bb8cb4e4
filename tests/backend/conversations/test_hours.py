"""Opening hours of support: weekdays 9:30–18:00 in Seoul, without Korean public holidays."""

from datetime import date, datetime, time

import pytest

from backend.conversations.hours import Hours, support_hours
from backend.kit.clock import SEOUL


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-18T09:29", False), ("2026-11-18T09:30", True), ("2026-11-18T17:59", True), ("2026-11-18T18:00", False),
        ("2026-11-21T12:00", False),  # Saturday
        ("2026-12-25T12:00", False),  # Christmas, a Friday
        ("2026-10-05T12:00", False),  # substitute holiday of 개천절
        ("2027-02-08T12:00", False),  # day after 설날
        ("2026-12-24T12:00", True),
    ],
)  # fmt: skip
def test_is_open(moment: str, is_open: bool) -> None:
    assert support_hours().is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-18T08:00", "2026-11-18T09:30"),
        ("2026-11-18T09:30", "2026-11-19T09:30"),
        ("2026-11-20T19:00", "2026-11-23T09:30"),  # Friday evening
        ("2026-12-24T18:00", "2026-12-28T09:30"),  # Christmas and a weekend
        ("2027-02-05T20:00", "2027-02-10T09:30"),  # 설날, with its substitute day
        ("2026-12-31T18:00", "2027-01-04T09:30"),  # over the year's end
    ],
)
def test_next_opening(moment: str, opens: str) -> None:
    assert support_hours().next_opening(at(moment)) == at(opens)


def test_a_closure_of_our_own_and_a_holiday_at_work() -> None:
    hours = Hours(
        frozenset(range(5)), time(9, 30), time(18), "KR",
        extra_closed={date(2026, 12, 31): "종무식"}, extra_open=frozenset({date(2026, 12, 25)}),
    )  # fmt: skip
    assert hours.closure(date(2026, 12, 31)) == "종무식"
    assert hours.is_open(at("2026-12-25T12:00"))


def test_support_that_never_opens_says_so() -> None:
    with pytest.raises(ValueError, match="never opens"):
        Hours(frozenset(), time(9), time(10), "KR").next_opening(at("2026-11-18T12:00"))


def test_the_hours_are_spoken_in_korean() -> None:
    assert support_hours().spoken(at("2026-11-18T12:00")) == "평일 오전 9시 30분부터 오후 6시까지(공휴일 제외)"


def test_the_coming_holidays_are_named() -> None:
    assert support_hours().closures_ahead(date(2026, 9, 20)) == [
        (date(2026, 9, 24), "추석 전날"), (date(2026, 9, 25), "추석"), (date(2026, 9, 26), "추석 다음날"),
        (date(2026, 10, 3), "개천절"), (date(2026, 10, 5), "개천절 대체 휴일"), (date(2026, 10, 9), "한글날"),
    ]  # fmt: skip

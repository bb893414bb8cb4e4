"""Stretches with a beginning and an end, to the hour, and other times for what is planned; now is Friday, 28 November 2025, 14:00."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kit.clock import SEOUL
from backend.kit.korean_dates import parse_more, parse_move, parse_stretch, speak_date, speak_datetime
from backend.kit.korean_dates.reading import Length

NOW = datetime(2025, 11, 28, 14, 0, tzinfo=SEOUL)
START = datetime(2025, 11, 29, 10, 0, tzinfo=SEOUL)
#: what is said = start,end; "." is none, "-" is nothing said
STRETCHES = [
    "내일부터 3일 꺼줘=2025-11-29,2025-12-01",
    "내일부터3일만=2025-11-29,2025-12-01",
    "내일부터 3일까지 꺼줘=2025-11-29,2025-12-03",
    "다음 주 월요일부터 5일=2025-12-01,2025-12-05",
    "12월 1일부터 3일=2025-12-01,2025-12-03",
    "내일부터 일요일까지=2025-11-29,2025-11-30",
    "내일부터일요일까지 꺼줘=2025-11-29,2025-11-30",
    "다음 주 월요일부터 3일=2025-12-01,2025-12-03",
    "다음주월요일부터 3일간 메인진열 꺼줘=2025-12-01,2025-12-03",
    "주말에만=2025-11-29,2025-11-30",
    "주말만 꺼줘=2025-11-29,2025-11-30",
    "이번 주말에만 쿠폰 꺼줘=2025-11-29,2025-11-30",
    "오늘 6시부터=2025-11-28T18:00,.",
    "오늘 6시부터 꺼줘=2025-11-28T18:00,.",
    "11월 30일 오전 9시까지=.,2025-11-30T09:00",
    "11월30일오전9시까지 꺼줘=.,2025-11-30T09:00",
    "내일 9시부터 일요일 18시까지=2025-11-29T09:00,2025-11-30T18:00",
    "내일부터 일요일 오전 9시까지=2025-11-29,2025-11-30T09:00",
    "오후 3시부터 6시까지=2025-11-28T15:00,2025-11-28T18:00",
    "밤 10시부터 아침 7시까지=2025-11-28T22:00,2025-11-29T07:00",
    "6시부터 9시까지=2025-11-28T18:00,2025-11-28T21:00",
    "오늘 6시부터 9시까지 쿠폰 멈춰=2025-11-28T18:00,2025-11-28T21:00",
    "3시간만 꺼줘=.,2025-11-28T17:00",
    "한 시간 동안만=.,2025-11-28T15:00",
    "지금부터 3시간=.,2025-11-28T17:00",
    "오늘 6시부터 3시간=2025-11-28T18:00,2025-11-28T21:00",
    "내일만=2025-11-29,2025-11-29",
    "내일 하루만=2025-11-29,2025-11-29",
    "내일 하루 꺼줘=2025-11-29,2025-11-29",
    "다음 주에만=2025-12-01,2025-12-07",
    "이번 주만=.,2025-11-30",
    "12월에만=2025-12-01,2025-12-31",
    "일주일만=.,2025-12-05",
    "열흘 동안=.,2025-12-08",
    "다음주까지=.,2025-12-07",
    "금요일까지만=.,2025-12-05",
    "어제까지=.,2025-11-27",
    "내일 꺼줘=2025-11-29,.",
    "메인진열 내일 꺼줘=2025-11-29,.",
    "내일 바뀌는 메인 진열 꺼줘=-",
    "월요일에 멈춰줘=2025-12-01,.",
    "내일 오후 3시에 꺼줘=2025-11-29T15:00,.",
    "내일 10시에 바뀌는 진열 꺼줘=-",
    "메인 진열 꺼줘=-",
    "오늘부터 금요일까지=.,2025-11-28",
    "오늘부터 꺼줘=.,.",
    "다음주 월요일부터 쿠폰 꺼줘=2025-12-01,.",
    "추석까지=.,2026-09-25",
    "자정까지=.,2025-11-29T00:00",
    "오늘 자정까지=.,2025-11-29T00:00",
    "정오까지=.,2025-11-29T12:00",
    "월요일부터 수요일까지만=2025-12-01,2025-12-03",
    "12월 1일부터 12월 5일까지=2025-12-01,2025-12-05",
    "12/1~12/5=2025-12-01,2025-12-05",
    "1일부터 5일까지 쿠폰 꺼줘=2025-12-01,2025-12-05",
    "크리스마스 동안=2025-12-25,2025-12-25",
    "설 연휴 동안 꺼줘=2026-02-16,2026-02-18",
    "내일 오후 2시까지=.,2025-11-29T14:00",
    "낼부터 담주 수욜까지=2025-11-29,2025-12-03",
    "이번 주 금요일 저녁 7시부터 일요일 밤 10시까지=2025-11-28T19:00,2025-11-30T22:00",
]
#: what is said about something that starts on Saturday at ten = where it goes
MOVES = [
    "내일 말고 금요일에=2025-12-05",
    "내일말고금요일에 해줘=2025-12-05",
    "다음 주로 미뤄줘=2025-12-06",
    "오후 3시로=2025-11-29T15:00",
    "오후3시로 바꿔줘=2025-11-29T15:00",
    "하루만 미뤄줘=2025-11-30",
    "이틀 늦춰줘=2025-12-01",
    "일주일 뒤로 미뤄주세요=2025-12-06",
    "3시간만 늦춰줘=2025-11-29T13:00",
    "한 시간 당겨줘=2025-11-29T09:00",
    "내일 10시 말고 오후 3시로=2025-11-29T15:00",
    "내일에서 금요일로=2025-12-05",
    "월요일 오후 2시에=2025-12-01T14:00",
    "다음주 화요일 11시로=2025-12-02T11:00",
    "주말로=2025-11-29",
    "다음 달로=2025-12-01",
    "12월 3일로 옮겨줘=2025-12-03",
    "내일 저녁으로=2025-11-29T18:00",
    "저녁에 해줘=2025-11-29T18:00",
    "모레로=2025-11-30",
    "나중에=None",
    "좀 미뤄줘=None",
    "일주일만요=2025-12-06",
    "사흘 뒤에 해줘=2025-12-01",
    "금요일 지나고 해줘=2025-12-06",
    "다음주 월요일까지 미뤄줘=2025-12-01",
    "8시로=2025-11-29T08:00",
    "2시 반으로=2025-11-29T14:00",
    "이번 주 말고 다음 주에=2025-12-06",
    "15:00으로=2025-11-29T15:00",
    "내일은 안되고 모레 오전 11시=2025-11-30T11:00",
    "담주로=2025-12-06",
    "이틀뒤로=2025-12-01",
]
MORE = {
    "하루 더": (Length(days=1, months=0), 1),
    "일주일 더 연장해줘": (Length(days=7, months=0), 1),
    "이틀만 더": (Length(days=2, months=0), 1),
    "3일 더 꺼둬": (Length(days=3, months=0), 1),
    "연장해줘 일주일": (Length(days=7, months=0), 1),
    "이틀 줄여줘": (Length(days=2, months=0), -1),
    "더 꺼줘": None,
    "한달 더": (Length(days=0, months=1), 1),
}


def said(moment: date | datetime | None) -> str:
    if moment is None:
        return "."
    return moment.isoformat()[:16]


@pytest.mark.parametrize("case", STRETCHES)
def test_a_stretch_is_read(case: str) -> None:
    text, expected = case.split("=")
    found = parse_stretch(text, NOW)
    assert (f"{said(found.start)},{said(found.end)}" if found else "-") == expected


@pytest.mark.parametrize("case", MOVES)
def test_another_time_is_read(case: str) -> None:
    text, expected = case.split("=")
    found = parse_move(text, START, NOW)
    assert (said(found) if found else "None") == expected


@pytest.mark.parametrize("text", sorted(MORE))
def test_a_longer_or_shorter_end_is_read(text: str) -> None:
    assert parse_more(text) == MORE[text]


@pytest.mark.parametrize("spoil", [str, lambda text: text.replace(" ", "")])
@given(first=st.integers(1, 300), days=st.integers(0, 60), hour=st.integers(0, 23), end_hour=st.integers(1, 23))
def test_a_stretch_as_the_product_says_it_is_read_back(spoil, first: int, days: int, hour: int, end_hour: int) -> None:
    start = (NOW + timedelta(days=first)).replace(hour=hour)
    end = (start + timedelta(days=days + 1)).replace(hour=end_hour)
    today = NOW.date()
    text = f"{speak_datetime(start, today)}부터 {speak_datetime(end, today)}까지 꺼줘"
    found = parse_stretch(spoil(text), NOW)
    assert found and (found.start, found.end) == (start, end)


@given(first=st.integers(1, 300), days=st.integers(0, 60))
def test_whole_days_as_the_product_says_them_are_read_back(first: int, days: int) -> None:
    start = NOW.date() + timedelta(days=first)
    end = start + timedelta(days=days)
    found = parse_stretch(f"{speak_date(start, NOW.date())}부터 {speak_date(end, NOW.date())}까지", NOW)
    assert found and (found.start, found.end) == (start, end)


@given(days=st.integers(1, 300), hour=st.integers(0, 23), minute=st.sampled_from([0, 5, 30, 59]))
def test_a_moment_as_the_product_says_it_is_a_move_to_it(days: int, hour: int, minute: int) -> None:
    to = (NOW + timedelta(days=days)).replace(hour=hour, minute=minute)
    assert parse_move(f"{speak_datetime(to, NOW.date())}으로 옮겨줘", START, NOW) == to


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    parse_stretch(text, NOW)
    parse_move(text, START, NOW)
    parse_more(text)


def test_next_week_of_something_in_next_week_already_is_the_week_after() -> None:
    tuesday = datetime(2025, 12, 2, 10, 0, tzinfo=SEOUL)
    assert parse_move("다음 주로 미뤄줘", tuesday, NOW) == date(2025, 12, 9)

"""Which week a person means, on Wednesday 18 November 2026 unless said otherwise."""

from datetime import date

import pytest

from actions.reports import week_in

WEDNESDAY, SUNDAY = date(2026, 11, 18), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "monday"),
    [
        ("주간 보고서 보여줘", "2026-11-09"),
        ("이번 주 보고서", "2026-11-16"),
        ("금주 운영 리포트", "2026-11-16"),
        ("지난주꺼 보고서 하나 주셔요", "2026-11-09"),
        ("지지난주 리포트", "2026-11-02"),
        ("2주 전 주간 보고서도 볼 수 있어요?", "2026-11-02"),
        ("11월 둘째 주 보고서", "2026-11-02"),
        ("11월 9일 보고서", "2026-11-09"),
        ("10월 보고서 보여주세요", "2026-10-19"),
        ("다음 주 보고서", "2026-11-23"),
        ("한 주 운영을 정리한 자료가 필요해요", "2026-11-09"),
        ("일주일 치 운영 결과를 보고서로 보여주세요", "2026-11-09"),
        ("매주 월요일에 주시던 보고서 보여줘요", "2026-11-09"),
        ("주 1회 준다던 운영리포트", "2026-11-09"),
    ],
)
def test_the_week_that_is_meant(said: str, monday: str) -> None:
    assert week_in(said, WEDNESDAY).monday == date.fromisoformat(monday)


def test_a_length_is_no_week_on_a_sunday_either() -> None:
    assert week_in("한 주 운영을 정리한 자료", SUNDAY).monday == date(2026, 11, 9)
    assert week_in("이번 주 보고서", SUNDAY).monday == date(2026, 11, 16)


def test_over_the_turn_of_the_year() -> None:
    assert week_in("지난주 보고서", date(2027, 1, 6)).monday == date(2026, 12, 28)
    assert week_in("12월 마지막 주 보고서", date(2027, 1, 6)).monday == date(2026, 12, 28)

"""Korean date expressions; today is Friday, 28 November 2025 unless a test says otherwise."""

from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kit.clock import SEOUL
from backend.kit.korean_dates import find_dates, parse_datetime, parse_period, parse_until, speak_date, speak_datetime
from backend.kit.korean_dates.feasts import feast_span

TODAY = date(2025, 11, 28)
NOW = datetime(2025, 11, 28, 14, 0, tzinfo=SEOUL)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))

UNTIL = [
    "오늘까지=2025-11-28",
    "낼까지만=2025-11-29",
    "모래까지=2025-11-30",
    "내일모레=2025-11-30",
    "글피까지=2025-12-01",
    "쿠폰오늘까지=2025-11-28",
    "이번주까지=2025-11-30",
    "담주_금욜까지=2025-12-05",
    "다음주_금요일까지_꺼줘=2025-12-05",
    "다음_주_금까지=2025-12-05",
    "다음주금요일까지=2025-12-05",
    "이번주말까지=2025-11-30",
    "이번_주말=2025-11-30",
    "다음주말까지=2025-12-07",
    "다음주_주말까지=2025-12-07",
    "다다음주_화요일까지=2025-12-09",
    "이번_달_말까지=2025-11-30",
    "말일까지=2025-11-30",
    "월말까지=2025-11-30",
    "담달_초까지=2025-12-10",
    "다음달_중순까지=2025-12-20",
    "담달말=2025-12-31",
    "8월까지=2026-08-31",
    "8월_15일까지=2026-08-15",
    "8월_15까지=2026-08-15",
    "8/15까지=2026-08-15",
    "08.15=2026-08-15",
    "2026-12-01=2026-12-01",
    "26년_12월_1일까지=2026-12-01",
    "2026.12.1.까지=2026-12-01",
    "20261201까지=2026-12-01",
    "11월까지=2025-11-30",
    "12월31일(수)까지=2025-12-31",
    "12월1일부터_15일까지=2025-12-15",
    "12월_28일부터_1월_3일까지=2026-01-03",
    "월요일부터_수요일까지=2025-12-03",
    "12/1~15=2025-12-15",
    "3일_뒤=2025-12-01",
    "사흘_뒤까지=2025-12-01",
    "2주_뒤_월요일까지=2025-12-08",
    "열흘간=2025-12-08",
    "일주일_동안만=2025-12-05",
    "2주간_꺼줘=2025-12-12",
    "한_달만=2025-12-28",
    "보름_동안=2025-12-13",
    "3개월=2026-02-28",
    "앞으로_열흘=2025-12-08",
    "3일_안에=2025-12-01",
    "이번주_안에=2025-11-30",
    "오늘_하루만_꺼줘=2025-11-28",
    "하루만=2025-11-29",
    "내일부터_3일간=2025-12-01",
    "12월_1일부터_일주일간=2025-12-07",
    "이번_분기까지=2025-12-31",
    "하반기=2025-12-31",
    "상반기까지=2026-06-30",
    "연말까지=2025-12-31",
    "올해_말까지=2025-12-31",
    "연내로=2025-12-31",
    "추석까지=2026-09-25",
    "추석_전까지=2026-09-24",
    "내년_설날까지=2026-02-17",
    "크리스마스까지=2025-12-25",
    "블프까지=2025-11-28",
    "월요일=2025-12-01",
    "월요일까지=2025-12-01",
    "금요일까지=2025-12-05",
    "이번_금요일까지=2025-11-28",
    "다음_화요일까지=2025-12-02",
    "15일=2025-12-15",
    "15일까지=2025-12-15",
    "28일까지=2025-11-28",
    "31일까지=2025-12-31",
    "2월_29일까지=2028-02-29",
    "십이월_이십오일까지=2025-12-25",
    "12월_첫째주까지=2025-12-07",
    "11월_말까지=2025-11-30",
    "어제_만든_쿠폰_다음주까지=2025-12-07",
]

NO_UNTIL = ["무기한", "그냥 꺼줘", "내일부터", "최근 7일", "지난달", "어제 바뀐 거", "", "계속", "11번가 꺼줘"]

PERIOD = [
    "오늘=2025-11-28..2025-11-28",
    "어제매출_얼마=2025-11-27..2025-11-27",
    "엊그제=2025-11-26..2025-11-26",
    "지난주매출=2025-11-17..2025-11-23",
    "저번주_목욜=2025-11-20..2025-11-20",
    "지지난주=2025-11-10..2025-11-16",
    "이번_주=2025-11-24..2025-11-30",
    "지난_주말=2025-11-22..2025-11-23",
    "지난달=2025-10-01..2025-10-31",
    "저번달_매출=2025-10-01..2025-10-31",
    "이번달=2025-11-01..2025-11-30",
    "다음주=2025-12-01..2025-12-07",
    "8월_매출=2025-08-01..2025-08-31",
    "12월_매출=2024-12-01..2024-12-31",
    "작년_12월=2024-12-01..2024-12-31",
    "15일=2025-11-15..2025-11-15",
    "최근_7일=2025-11-22..2025-11-28",
    "지난_30일=2025-10-30..2025-11-28",
    "최근_3개월=2025-08-29..2025-11-28",
    "일주일간_매출=2025-11-22..2025-11-28",
    "올해=2025-01-01..2025-12-31",
    "작년=2024-01-01..2024-12-31",
    "2024년=2024-01-01..2024-12-31",
    "이번_분기=2025-10-01..2025-12-31",
    "지난_분기=2025-07-01..2025-09-30",
    "상반기=2025-01-01..2025-06-30",
    "3분기=2025-07-01..2025-09-30",
    "작년_추석_매출=2024-09-17..2024-09-17",
    "추석_매출=2025-10-06..2025-10-06",
    "추석_연휴=2025-10-05..2025-10-07",
    "월요일=2025-11-24..2025-11-24",
    "지난_금요일=2025-11-21..2025-11-21",
    "10월_1일부터_어제까지=2025-10-01..2025-11-27",
    "10월부터=2025-10-01..2025-11-28",
    "8~10월=2025-08-01..2025-10-31",
    "3일_전=2025-11-25..2025-11-25",
    "3일_전부터=2025-11-25..2025-11-28",
    "12월_28일부터_1월_3일까지=2024-12-28..2025-01-03",
    "월요일부터_수요일까지=2025-11-24..2025-11-26",
    "2025-11-01~2025-11-15=2025-11-01..2025-11-15",
    "25.11.01~25.11.15=2025-11-01..2025-11-15",
    "25년3월=2025-03-01..2025-03-31",
    "지난달_15일부터_지금까지=2025-10-15..2025-11-28",
    "8월_초=2025-08-01..2025-08-10",
    "11월_3주차=2025-11-10..2025-11-16",
]

NOT_DATES = """
3일치 재고 알려줘|11번가 주문|1+1 행사|12,000원으로|12번 요청|WR-12 어떻게 됐어|다음 주문부터 적용|이번 주문 취소|지난 주문 내역|다음 달력 상품|보내달라고
부담주지마|안내일정|내일정 알려줘|오늘담 가디건|오늘의집 주문|[오늘출발] 니트|고양이 모래 재고|모래시계|돈을 낼 때|배송비 낼까요|이월상품 정리|바디오일|1.5배|4.5점
1/2 가격|20251128-0000012 주문|010-1234-5678|3개월 할부|1일 1회|매주 월요일|월요일마다|25년 전통|보름달 쿠키|추석 선물세트 재고|설정 바꿔줘|사이즈 44/55|24/7
전주비빔밥|연말정산|주말농장|3~5일 소요|일주일에 한 번|하루에 몇 개|2주년 이벤트|12개월 아기|이번 주소로|전달해줘|일단 꺼줘|30일 무료체험|두 달걀
""".strip().replace("\n", "|").split("|")  # fmt: skip

MOMENTS = {
    "내일 오후 3시": "2025-11-29T15:00", "12월 1일 오전 9시 30분": "2025-12-01T09:30", "3시간 뒤": "2025-11-28T17:00",
    "1시간 반 뒤": "2025-11-28T15:30", "30분 후": "2025-11-28T14:30", "오후 3시": "2025-11-28T15:00",
    "3시": "2025-11-28T15:00", "10시": "2025-11-29T10:00", "다음주 월요일 10시반": "2025-12-01T10:30",
    "밤 12시": "2025-11-29T00:00", "자정": "2025-11-29T00:00", "낼 정오에": "2025-11-29T12:00",
    "2026-12-01 15:30": "2026-12-01T15:30", "오후 두 시": "2025-11-29T14:00", "내일 세시": "2025-11-29T15:00",
    "12/1 18:00": "2025-12-01T18:00", "낼 오후 3시에 보내줘": "2025-11-29T15:00", "오전 12시 30분": "2025-11-29T00:30",
}  # fmt: skip


def pair(case):
    text, _, expected = case.rpartition("=")
    return text.replace("_", " "), expected


@pytest.mark.parametrize(("text", "expected"), map(pair, UNTIL))
def test_understands_the_last_day_meant(text, expected):
    assert str(parse_until(text, TODAY)) == expected


@pytest.mark.parametrize("text", NO_UNTIL)
def test_finds_no_end_where_none_is_said(text):
    assert parse_until(text, TODAY) is None


@pytest.mark.parametrize(("text", "expected"), map(pair, PERIOD))
def test_understands_the_period_looked_back_on(text, expected):
    found = parse_period(text, TODAY)
    assert found is not None
    assert f"{found[0]}..{found[1]}" == expected


def test_a_period_can_look_ahead_for_plans():
    assert parse_period("12월 1일부터 15일까지", TODAY, lean="future") == (date(2025, 12, 1), date(2025, 12, 15))
    assert parse_period("15일까지", TODAY, lean="future") == (TODAY, date(2025, 12, 15))


@pytest.mark.parametrize("text", NOT_DATES)
def test_does_not_take_other_words_for_dates(text):
    assert find_dates(text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("스마트스토어 쿠폰 다음주 금요일까지만 꺼줘", [("다음주 금요일", "until", "day")]),
        ("12월1일부터 15일까지 쿠폰", [("12월1일부터 15일", "range", "range")]),
        ("열흘간 꺼줘", [("열흘", "for", "length")]),
        ("8월 매출이랑 9월 매출", [("8월", "on", "month"), ("9월", "on", "month")]),
        ("11월 30일(일)까지", [("11월 30일(일)", "until", "day")]),
        ("이번 주문 말고 다음주 주문", [("다음주", "on", "week")]),
        ("금요일 전에 꺼줘", [("금요일", "before", "weekday")]),
        ("추석 지나고", [("추석", "after", "holiday")]),
        ("니트 3개 12월 5일 입고", [("12월 5일", "on", "day")]),
    ],
)
def test_spans_leave_the_particle_outside(text, expected):
    assert [(m.text, m.bound, m.kind) for m in find_dates(text, TODAY)] == expected


def test_hours_are_found_only_when_the_time_is_known():
    assert find_dates("3시간 뒤에", TODAY) == []
    assert [m.start_date for m in find_dates("11시간 뒤에", TODAY, now=NOW)] == [date(2025, 11, 29)]


@pytest.mark.parametrize(("text", "expected"), MOMENTS.items())
def test_understands_a_moment(text, expected):
    assert parse_datetime(text, TODAY, now=NOW) == datetime.fromisoformat(expected + "+09:00")


@pytest.mark.parametrize("text", ["내일", "다시 해줘", "3시간", "즉시", "택시", ""])
def test_finds_no_moment_without_a_time_of_day(text):
    assert parse_datetime(text, TODAY, now=NOW) is None


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2025-12-31", "내일까지", "2026-01-01"),
        ("2025-12-31", "다음달까지", "2026-01-31"),
        ("2025-12-31", "다음주 금요일까지", "2026-01-09"),
        ("2025-12-31", "15일까지", "2026-01-15"),
        ("2026-01-31", "한 달 동안", "2026-02-28"),
        ("2025-11-30", "주말까지", "2025-11-30"),
        ("2025-11-30", "이번주까지", "2025-11-30"),
        ("2025-12-01", "월요일까지", "2025-12-08"),
    ],
)
def test_rolls_over_weeks_months_and_years(today, text, expected):
    assert str(parse_until(text, date.fromisoformat(today))) == expected


def test_lunar_feasts_agree_with_the_public_holiday_calendar():
    for year in range(2024, 2033):
        named = holidays.country_holidays("KR", years=year, language="ko")
        for name in ("설날", "추석"):
            official = [day for day, names in named.items() if name in names.split("; ")]
            assert [feast_span(name, year)[0]] == official


@given(days, days)
def test_reads_back_a_written_date(day, today):
    text = speak_date(day, today)
    found = find_dates(text, today)
    assert [m.text for m in found] == [text]
    if day.year != today.year:
        assert found[0].start_date == found[0].end_date == day
    elif day >= today:
        assert parse_until(text + "까지", today) == day
    else:
        assert parse_period(text, today) == (day, day)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)), days)  # noqa: DTZ001
def test_reads_back_a_written_moment(at, today):
    moment = at.replace(second=0, microsecond=0, tzinfo=SEOUL)
    if moment.year == today.year:
        today = today.replace(year=today.year - 1, day=1)
    assert parse_datetime(speak_datetime(moment, today), today) == moment


@given(st.text(max_size=60), days)
def test_never_raises_on_any_text(text, today):
    check_everything(text, today)


PIECES = [
    "오늘",
    "내일",
    "낼",
    "모레",
    "이번",
    "다음",
    "담",
    "지난",
    "주",
    "주말",
    "달",
    "월",
    "일",
    "년",
    "금요일",
    "금",
    "까지",
    "부터",
    "동안",
    "간",
    "뒤",
    "전",
    "초",
    "말",
    "중순",
    "3",
    "12",
    "31",
    "2026",
    "99",
    "/",
    "-",
    ".",
    "~",
    "(",
    ")",
    "한",
    "열흘",
    "설날",
    "추석",
    "분기",
    "반기",
    "올해",
    "최근",
    "개월",
    "시",
    "반",
    "분",
    "오후",
    ":",
    "만",
]


@given(st.lists(st.sampled_from([*PIECES, " "]), max_size=12).map("".join), days)
def test_never_raises_on_date_soup(text, today):
    check_everything(text, today)


def check_everything(text, today):
    now = datetime.combine(today, datetime.min.time(), SEOUL)
    end = 0
    for mention in find_dates(text, today, now=now):
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        assert mention.start < mention.end
        assert mention.start_date <= mention.end_date
        end = mention.end
    parse_until(text, today)
    parse_datetime(text, today, now=now)
    period = parse_period(text, today)
    assert period is None or period[0] <= period[1]


@given(days, st.sampled_from(["금요일", "15일", "8월", "8월 15일", "주말", "연말", "3분기", "상반기"]))
def test_until_lies_ahead_and_period_behind(today, text):
    assert parse_until(text + "까지", today) >= today
    start, _ = parse_period(text, today)
    assert start <= today
    assert start > today - timedelta(days=366)

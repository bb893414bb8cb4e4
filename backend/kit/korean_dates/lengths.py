"""Lengths of time and what is counted from today: 열흘, 2주간, 3개월, 3일 뒤, 사흘 전, 최근 7일."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from backend.kit.korean_dates.calendar_spans import day_span, week_span
from backend.kit.korean_dates.edges import DIGIT_START, WEEKDAY, WEEKDAY_LETTERS, WORD_START
from backend.kit.korean_dates.reading import Length, Reading
from backend.kit.numbers import read_numeral

_DAY_WORDS = {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "아흐레": 9,
    "열흘": 10,
    "보름": 15,
}
_LONGEST = {"일": 1000, "주": 150, "월": 60, "년": 10}

_SPELLED = r"(?:한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열두|열)\s?"
_SINO = r"(?:이십|삼십|육십|구십|백|십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])"
_COUNT = rf"(?:{DIGIT_START}\d{{1,4}}\s?|{WORD_START}(?:{_SPELLED}|{_SINO}\s?))"
LENGTH = (
    rf"(?:(?P<n1>{_COUNT})(?P<u1>주일|주(?!문|년|소|제|인|차|행|류|방|요|장|점|식|사)|개월|달(?!걀|력|라|래|러|성|콤|리|인|빛)|년(?!도|형|식|산|생|차))"
    rf"|{WORD_START}(?P<word>하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름(?!달)|반년)|(?P<n2>{_COUNT})(?P<u2>일))"
)
_END = r"(?![가-힣])"
_FOR = r"\s?(?:정도|쯤|가량)?\s?(?:간(?!격|식|편|단|장|절|판)|동안|만(?!에|원|큼|족)|내내|이내|안에|안으로|내로|내에)"
_LATER = r"\s?(?P<later>뒤(?!집|쪽)|후(?!기|보|속|원|불|반|면|드|크)|있다가|이따가?|지나서)"
_AGO = r"\s?(?P<ago>전(?!체|화|자|달|국|송|환|용|시|문|기|략|주|월|년|부(?!터)|혀|개))"
# Counts that measure something else: 3개월 할부, 3일치, 일주일에 한 번, 12개월 아기.
_NOT_A_TIME = r"(?!\s?(?:치|째|씩|마다|할부|무이자|보증|무상|이상|이하|미만|초과|연속|아기|짜리|된|약정|차|에\s?(?:한|두|세|네|\d|몇|얼마)|에\b|분\b|전통|경력|종일|하루|평균|배송|만에))"

BACK_OR_ON = re.compile(rf"{LENGTH}(?:{_LATER}|{_AGO})(?:\s?(?P<weekday>{WEEKDAY}))?")
RECENT = re.compile(rf"(?P<side>최근|지난|직전|과거|앞으로|향후)\s?(?:약\s?)?{LENGTH}(?!치|째)")
PLAIN = re.compile(rf"{LENGTH}(?:(?P<bound>(?={_FOR}))|(?P<loose>{_NOT_A_TIME}))")
HOURS = re.compile(
    rf"(?P<count>{DIGIT_START}\d{{1,3}}|{WORD_START}(?:한|두|세|네|다섯|여섯|열두|열))\s?(?P<unit>시간|분)\s?(?P<half>반)?\s?"
    r"(?P<when>뒤|후(?!기|보)|있다가|이따가?|전(?!체|화|자|부(?!터)|송))"
)


def read_back_or_on(match: re.Match[str], today: date) -> Reading | None:
    length = length_of(match)
    if length is None:
        return None
    day = length.after(today) if match["later"] else length.before(today)
    if match["weekday"]:  # 2주 뒤 월요일: that day of the week two weeks on
        day = week_span(day)[0] + timedelta(days=WEEKDAY_LETTERS.index(match["weekday"][0]))
    return Reading("day", fixed=day_span(day))


def read_recent(match: re.Match[str], today: date) -> Reading | None:
    """최근 7일 ends today and counts it; 앞으로 7일 is like 7일 동안."""
    length = length_of(match)
    if length is None:
        return None
    past = match["side"] not in ("앞으로", "향후")
    return Reading("length", length=length, lean="past" if past else "future")


def read_plain(match: re.Match[str], today: date) -> Reading | None:
    """A length by itself; 하루 and N일 only with 동안, 간, 만, 이내 …, for they usually mean something else."""
    length = length_of(match)
    if length is None:
        return None
    if match["bound"] is None and (match["u2"] or match["word"] == "하루" or _is_sino_short(match)):
        whole = match.string.strip() == match[0].strip()
        if match["u2"] or not whole:
            return None
    return Reading("length", length=length)


def read_hours(match: re.Match[str], now: datetime) -> datetime | None:
    """The moment some hours or minutes before or after `now`."""
    count = read_numeral(match["count"])
    if count is None:
        return None
    minutes = count * 60 + (30 if match["half"] else 0) if match["unit"] == "시간" else count
    return now + timedelta(minutes=-minutes if match["when"] == "전" else minutes)


def length_of(match: re.Match[str]) -> Length | None:
    if word := match["word"]:
        return Length(months=6) if word == "반년" else Length(days=_DAY_WORDS[word])
    unit = (match["u1"] or match["u2"]).replace("주일", "주").replace("개월", "월").replace("달", "월")
    count = read_numeral((match["n1"] or match["n2"]).strip())
    if not count or count > _LONGEST[unit]:
        return None
    if unit in "일주":
        return Length(days=count * (7 if unit == "주" else 1))
    return Length(months=count * (12 if unit == "년" else 1))


def _is_sino_short(match: re.Match[str]) -> bool:
    """이주, 사년, 오일: too short to be a length without a word that says so; 일주일, 일년 and 삼개월 are clear."""
    count, unit = (match["n1"] or "").strip(), match["u1"] or ""
    return unit in ("주", "년") and bool(re.fullmatch(_SINO, count)) and (count, unit) != ("일", "년")


LENGTH_PATTERNS = ((BACK_OR_ON, read_back_or_on), (RECENT, read_recent), (PLAIN, read_plain))

"""Entities with a shape instead of a list: request numbers, places, choices, ratings; numbers of orders and parcels.

Values: `request_no` "WR-12" · `position` int, -1 for the last place · `ordinal` int, -1 for the last one ·
`rating` int 1–5, or "satisfied" / "dissatisfied".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.language.order_shapes import find_order_shapes

_NATIVE = {
    "첫": 1, "한": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5,
    "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
_SINO = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5}
_COUNT = "|".join(sorted(_NATIVE, key=len, reverse=True))
_NTH = rf"(?P<n>\d{{1,3}}|{_COUNT})\s*번\s*째|(?P<m>첫)\s*째"


class Shape(NamedTuple):
    """A found entity with a computed value; places are those of the sentence."""

    entity: str
    value: str | int
    start: int
    end: int


_REQUEST = [
    re.compile(r"(?<![A-Za-z0-9])wr\s*[-–—_#]?\s*(?P<n>\d{1,9})(?!\d)", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<n>\d{1,9})\s*번\s*(?:업무\s*)?(?:요청|접수|의뢰)(?:\s*건)?"),
    re.compile(r"(?:요청|접수|의뢰)\s*번호\s*(?:는|은|가|이)?\s*[:#]?\s*(?P<n>\d{1,9})(?:\s*번)?"),
    re.compile(r"(?:업무\s*)?(?:요청|의뢰)\s*#?(?P<n>\d{1,9})\s*번"),
]
_PLACE_WORD = r"(?:자리|칸|위치|순서|순위|슬롯|번\s*자리)"
_POSITION = [
    re.compile(rf"(?:{_NTH})\s*(?:{_PLACE_WORD})?(?!\s*(?:거|것|꺼|걸|건\b|상품|작업|요청|항목|쿠폰))"),
    re.compile(rf"(?<!\d)(?P<n>\d{{1,3}})\s*번\s*{_PLACE_WORD}"),
    re.compile(r"(?<!\d)(?P<n>\d{1,3})\s*(?:순위|위|등)(?=\s|에|으?로|자리|$)"),
    re.compile(r"(?<!\d)(?P<n>\d{1,3})\s*번\s*(?=(?:에|으로)(?:\s|$))"),
]
_FRONT = re.compile(r"(?:맨|제일|가장)\s*(?:앞(?:쪽|자리)?|위(?:쪽)?|처음|첫\s*자리)|최상단|맨앞")
_BACK = re.compile(
    r"(?:맨|제일|가장)\s*(?:뒤(?:쪽|자리)?|끝(?:자리)?|아래(?:쪽)?|밑|마지막)|마지막\s*(?:자리|칸|위치)|최하단"
)
_ORDINAL = [
    re.compile(rf"(?:{_NTH})\s*(?:거|것|꺼|걸|건\b|상품|작업|항목|쿠폰)"),
    re.compile(
        r"(?<!\d)(?P<n>\d{1,2})\s*번(?!\s*(?:가|째|요청|접수|의뢰|자리|칸|에|으로|이나|만|더|씩))(?:\s*(?:거|것|꺼|걸))?"
    ),
    re.compile(r"^\s*(?P<n>\d{1,2})\s*$"),
]
_LAST = re.compile(
    r"마지막\s*(?:거|것|꺼|걸|건|상품|작업|항목|쿠폰)?(?!\s*(?:자리|칸|위치))|맨\s*(?:끝|마지막|아래)\s*(?:거|것|꺼|걸)"
)
_POINTS = re.compile(
    r"(?:별점?\s*)?(?<!\d)(?P<n>[1-5]|[일이삼사오])\s*점(?!\s*\d|검|포|장)|별점?\s*(?P<m>[1-5]|한|두|세|네|다섯)\s*개"
)
_WORDS_FOR_POINTS = (
    (5, re.compile(r"만점|백\s*점|최고\s*점수|별\s*다섯|높은\s*점수")),
    (3, re.compile(r"보통|중간\s*(?:점수|으로|정도)|그럭저럭")),
    (1, re.compile(r"빵\s*점|최하\s*점|최저\s*점|영\s*점|0\s*점|낮은\s*점수")),
)
_DISSATISFIED = re.compile(
    r"불만족|불만|(?:만족|마음에|맘에)\s*(?:하지|스럽지|들지)?\s*(?:안|않|못)|별로(?:예요|에요|였|네|다|임)|(?:만족\s*못)"
)
_SATISFIED = re.compile(r"(?<!불)만족")


def find_shapes(text: str) -> Iterator[Shape]:
    """Every shaped entity of the sentence; overlaps are settled by the caller (longest wins)."""
    for pattern in _REQUEST:
        for match in pattern.finditer(text):
            yield Shape("request_no", f"WR-{int(match['n'])}", match.start(), match.end())
    for found in find_order_shapes(text):
        yield Shape(*found)
    for entity, patterns in (("position", _POSITION), ("ordinal", _ORDINAL)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                end = match.start() + len(match.group().rstrip())
                yield Shape(entity, _number(match), match.start(), end)
    for entity, value, pattern in (
        ("position", 1, _FRONT),
        ("position", -1, _BACK),
        ("ordinal", -1, _LAST),
        ("rating", "dissatisfied", _DISSATISFIED),
        ("rating", "satisfied", _SATISFIED),
    ):
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip())
            yield Shape(entity, value, match.start(), end)
    for points, pattern in _WORDS_FOR_POINTS:
        for match in pattern.finditer(text):
            yield Shape("rating", points, match.start(), match.end())
    for match in _POINTS.finditer(text):
        written = match["n"] or match["m"]
        yield Shape("rating", _read(written), match.start(), match.end())


def _number(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return _read(groups.get("n") or groups.get("m") or "")


def _read(written: str) -> int:
    return int(written) if written.isdigit() else _NATIVE.get(written) or _SINO[written]

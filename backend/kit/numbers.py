"""Korean numerals as people write them: 스물세 개, 열두, 백이십, 3천, 1만 5천, 1.5만."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_SINO = {"영": 0, "공": 0, "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "륙": 6, "칠": 7, "팔": 8, "구": 9}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_TENS = {"열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90}
_ONES = {
    **{"하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "넷": 4, "네": 4, "넉": 4},
    **{"다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9},
}
_NATIVE = {"스무": 20, **_TENS, **_ONES, **{t + o: n + m for t, n in _TENS.items() for o, m in _ONES.items()}}

COUNTERS = (
    "개월|개|건|명|장|벌|번|회|권|병|켤레|쌍|대|박스|상자|세트|팩|묶음|줄|칸|매|곳|군데|가지|종류|종|마리|"
    "시간|시|분|초|일|주일|주|달|년|살|위|등|퍼센트|프로|%|원|배|포|알|통|봉지|봉|자루|그루|송이|모금|인|인분|군|점|차례|단|층|번째"
)
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3}){1,8}(?:\.\d{1,8})?|\d{1,24}(?:\.\d{1,8})?")
_NATIVE_WORD = "|".join(sorted(_NATIVE, key=len, reverse=True))
_TRAILING_COUNTER = re.compile(rf"\s*(?:{COUNTERS})\Z")
_SPELLED = r"[일이삼사오육륙칠팔구십백천만억조]"
_FOUND = re.compile(
    rf"(?<![0-9A-Za-z가-힣.,\-])(?P<number>(?:{_DIGITS.pattern})(?:\s?[십백천만억조](?:\s?\d[\d,]{{0,24}}(?<!,))?){{0,16}}"
    rf"|{_SPELLED}{{0,24}}?(?:{_NATIVE_WORD})|{_SPELLED}{{1,40}})\s?(?P<unit>{COUNTERS})?"
)
_LIMIT = 10**20
# Spelled-out numbers that are usually another word: 세일, 열매, 구분, 조건, 이 건(this one).
_NEVER_NATIVE = frozenset(
    ["일", "년", "원", "위", "층", "퍼센트", "프로", "%", "초", "개월", "주일", "인분", "단", "등"]
)
_NATIVE_ONLY_SPACED = frozenset(["종", "매", "대", "점", "군", "줄", "배", "인", "살", "회", "달"])
_AFTER_ONE_SINO = frozenset(["년", "개월", "주일", "퍼센트", "프로", "%", "인분", "시간"])
_AFTER_ONE_UNIT = frozenset(["원", "개", "명"])


@dataclass(frozen=True)
class NumberMention:
    """A number inside a text: `text` is the slice [start:end] without the counter, `unit` the counter after it or ''."""

    start: int
    end: int
    text: str
    value: int
    unit: str


def parse_number(text: str) -> int | None:
    """The whole number a short text stands for, a trailing counter (개, 건, 명 …) ignored; None if it is not one."""
    bare = text.strip()
    value = read_numeral(bare)
    if value is None:
        cut = _TRAILING_COUNTER.sub("", bare)
        value = read_numeral(cut) if cut and cut != bare else None
    return value


def find_numbers(text: str) -> list[NumberMention]:
    """Every number in a sentence; a spelled-out one counts only with a counter after it (세 개, but not 세일)."""
    found = []
    for match in _FOUND.finditer(text):
        number, unit = match["number"], match["unit"] or ""
        value = read_numeral(number)
        if value is None or not (number[0].isdigit() or _is_counted(number, match[0][len(number) :])):
            continue
        found.append(NumberMention(match.start("number"), match.end("number"), number, value, unit))
    return found


def _is_counted(spelled: str, rest: str) -> bool:
    """Whether a spelled-out number and what follows it are really a number of things."""
    unit = rest.strip()
    if not unit:
        return False
    if any(spelled.endswith(word) for word in _NATIVE):
        return unit not in _NEVER_NATIVE and (rest != unit or unit not in _NATIVE_ONLY_SPACED)
    if len(spelled) > 1:
        return True
    return unit in (_AFTER_ONE_UNIT if spelled in "백천만" else _AFTER_ONE_SINO)


def read_numeral(text: str) -> int | None:
    """A numeral with nothing around it: digits, sino-Korean, native or mixed (백스물셋); None if it is not one."""
    compact = re.sub(r"\s+", "", text)
    if not compact or len(compact) > 40:
        return None
    native = _ending_in_native(compact)
    value = native if native is not None else _read_sino(compact)
    if value is None or value.denominator != 1 or value >= _LIMIT:
        return None
    return int(value)


def _ending_in_native(text: str) -> Fraction | None:
    """열두, 스물셋, or a sino part of hundreds and more followed by one (백스물셋)."""
    for size in range(min(4, len(text)), 0, -1):
        tail = _NATIVE.get(text[-size:])
        if tail is None:
            continue
        head = text[:-size]
        if not head:
            return Fraction(tail)
        if head[-1] in "백천만억조":
            sino = _read_sino(head)
            return sino + tail if sino is not None else None
    return None


def _read_sino(text: str) -> Fraction | None:
    """Sum digit × unit, units falling from left to right inside each 만-group and from group to group."""
    total, group, digit = Fraction(0), Fraction(0), None
    big_limit, small_limit = 10**20, 10**4
    position = 0
    while position < len(text):
        char = text[position]
        if match := _DIGITS.match(text, position):
            if digit is not None:
                return None
            digit, position = Fraction(match[0].replace(",", "")), match.end()
            continue
        position += 1
        if char in _SINO:
            if digit is not None:
                return None
            digit = Fraction(_SINO[char])
        elif char in _SMALL and _SMALL[char] < small_limit:
            small_limit = _SMALL[char]
            group, digit = group + (1 if digit is None else digit) * small_limit, None
        elif char in _BIG and _BIG[char] < big_limit:
            big_limit, small_limit = _BIG[char], 10**4
            value = group + (digit or 0)
            total += (value if group or digit is not None else 1) * big_limit
            group, digit = Fraction(0), None
        else:
            return None
    return total + group + (digit or 0)

"""How many pieces a message speaks of: "2개 중 1개만", "하나만", "수량 2개로", "반반"."""

import re

from backend.kit.numbers import find_numbers, parse_number

#: counters of goods; days, months, money and orders are counted with others
PIECES = frozenset({
    "", "개", "장", "벌", "켤레", "쌍", "박스", "상자", "세트", "팩", "묶음", "병", "권", "매", "대", "포", "알", "통", "봉지", "봉",
    "자루", "송이", "마리",
})  # fmt: skip
_WORD = r"\d{1,5}|하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열|한|두|세|네|스무"
_UNIT = r"개|장|벌|켤레|쌍|박스|상자|세트|팩|묶음|병|권|매|대|포|알|통|봉지|봉|자루|송이|마리|ea"
_OF = re.compile(
    rf"(?P<all>{_WORD})\s*(?:{_UNIT})?\s*(?:중(?:에서?)?|가운데(?:서)?|에서)\s*(?P<part>{_WORD})\s*(?:{_UNIT})?",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?<![가-힣\dA-Za-z/-])(?P<n>{_WORD})\s*(?P<unit>{_UNIT})(?![월년시분일째])", re.IGNORECASE)
_LONE = re.compile(r"(?<![가-힣])(?P<n>하나|둘|셋)(?:만|씩|는|은|를|을)?(?=[\s,.!?]|$|먼저|취소|반품|교환)")
_HALVES = re.compile(r"반반|절반씩|반씩|절반|반으로")
_SHARES = re.compile(
    r"(?<![\d-])(?P<a>\d{1,4})\s*(?:개|ea)?\s*[/:,+]\s*(?P<b>\d{1,4})\s*(?:개|ea)?(?![\d-])", re.IGNORECASE
)
_BY_NAME = re.compile(r"수량\s*(?:은|는|을|이)?\s*[:]?\s*(?P<n>\d{1,5})")
_NATIVE = {"하나": 1, "둘": 2, "셋": 3, "넷": 4}


def part_said(text: str) -> int | None:
    """The one number of pieces that is meant; None when none is said, or nobody can tell which of several."""
    if match := _OF.search(text):
        return _read(match["part"])
    if match := _BY_NAME.search(text):
        return int(match["n"])
    counted = [_read(match["n"]) for match in _COUNTED.finditer(text)]
    if not counted and (match := _LONE.search(text)):
        counted = [_NATIVE[match["n"]]]
    found = [n for n in dict.fromkeys(counted) if n is not None]
    return found[0] if len(found) == 1 else None


def shares_said(text: str, whole: int) -> int | None:
    """How many of `whole` leave first, of halves or "2/3"; None when nothing of the kind is said."""
    if _HALVES.search(text) and whole >= 2:
        return whole // 2
    match = _SHARES.search(text)
    if match and int(match["a"]) + int(match["b"]) == whole:
        return int(match["a"])
    return None


def bare_count(text: str) -> int | None:
    """The number of a short answer: "2", "두 개요", "하나만요"; None for anything longer."""
    said = re.sub(r"(?:만|로|으로|씩)?(?:요|이요|예요|이에요|입니다|해\s*주세요|해줘)?[\s.!~]*$", "", text.strip())
    if said in _NATIVE:
        return _NATIVE[said]
    part = part_said(text)
    if part is not None:
        return part
    number = parse_number(said)
    if number is not None:
        return number
    lone = [n.value for n in find_numbers(text) if n.unit in PIECES]
    return lone[0] if len(lone) == 1 else None


def _read(word: str) -> int | None:
    return _NATIVE.get(word) or parse_number(word) or parse_number(f"{word}개")

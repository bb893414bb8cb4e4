"""Amounts in whole Korean won: written for people, and read from what people type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from backend.kit.numbers import read_numeral

WonStyle = Literal["plain", "units"]

_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_SIGN = re.compile(r"^(?:-|−|–|마이너스\s*)")
_WON = re.compile(r"\s*원\Z")
_TAIL = re.compile(r"\s*(?:원)?\s*(?:짜리|정도|쯤|씩|이요|요|으로|로|에|까지|만)?\Z")
_AMOUNT = re.compile(
    r"(?<![0-9A-Za-z가-힣.,])(?P<amount>"
    r"(?:\d[\d,]{0,24}(?:\.\d{1,8})?|[일이삼사오육칠팔구])?(?:\s?(?:\d[\d,]{0,24}(?:\.\d{1,8})?|[일이삼사오육칠팔구])?[십백천만억조]){0,16}"
    r"(?:\s?\d[\d,]{0,24})?)\s?원(?!피스|단|형|가|목|두|통|장|데|칙|인|래|본|산|터치|플)"
)


@dataclass(frozen=True)
class MoneyMention:
    """An amount inside a text, its span ending after 원."""

    start: int
    end: int
    text: str
    amount: int


def format_won(amount: int, style: WonStyle = "plain") -> str:
    """12000 → '12,000원'; with style='units' 123000000 → '1억 2,300만 원'."""
    if style == "plain":
        return f"{amount:,}원"
    parts, rest = [], abs(amount)
    for size, unit in _UNITS:
        if rest >= size:
            parts.append(f"{rest // size:,}{unit}")
            rest %= size
    if not parts:
        return f"{amount:,}원"
    parts.append(f"{rest:,}원" if rest else "원")
    return ("-" if amount < 0 else "") + " ".join(parts)


def parse_won(text: str) -> int | None:
    """The won a short answer stands for (3만원, 1만 5천원, 5,000, 삼만오천원); None if it is not one amount.

    A fraction of a won is not an amount: '1.5만원' is 15,000, '1.5원' is None.
    """
    bare = text.strip().lstrip("₩￦").strip()
    sign = _SIGN.match(bare)
    if sign:
        bare = bare[sign.end() :].lstrip("₩￦ ")
    # Longest reading first: the ending 만 (only) is also the numeral 만 (ten thousand).
    candidates = (bare, _WON.sub("", bare), _TAIL.sub("", bare, count=1))
    amount = next((value for value in map(read_numeral, candidates) if value is not None), None)
    if amount is None:
        return None
    return -amount if sign else amount


def find_won(text: str) -> list[MoneyMention]:
    """Every amount in a sentence that says 원 ('가격을 3만 5천원으로')."""
    found = []
    for match in _AMOUNT.finditer(text):
        amount = read_numeral(match["amount"]) if match["amount"].strip() else None
        if amount is not None:
            found.append(MoneyMention(match.start(), match.end(), match[0], amount))
    return found

"""Numbers of orders and parcels as people type and spell them.

Values: `order_no` "20261121-0000012", "0012" (the last digits) or a market's own "CP-88120347" · `tracking_no` digits or
letters without what stands between them. A telephone number is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPOKEN = {
    "공": "0",
    "영": "0",
    "일": "1",
    "이": "2",
    "삼": "3",
    "사": "4",
    "오": "5",
    "육": "6",
    "칠": "7",
    "팔": "8",
    "구": "9",
}
_S = "공영일이삼사오육칠팔구"
_DASH = r"\s*[-–—_]\s*"
_FULL = re.compile(rf"(?<!\d)(?P<day>20\d{{6}}){_DASH}(?P<n>\d{{2,7}})(?!\d)")
_FULL_BARE = re.compile(r"(?<!\d)(?P<day>20\d{2}(?:0[1-9]|1[0-2])[0-3]\d)(?P<n>\d{7})(?!\d)")
_FULL_SPOKEN = re.compile(rf"(?P<day>[{_S}]{{8}})\s*(?:다시|대시|빼기)\s*(?P<n>[{_S}]{{3,7}})")
_OF_MARKET = re.compile(
    r"(?<![A-Za-z0-9])(?!wr)(?P<n>(?:[A-Za-z]{2,5}|11st)-?\d{4,14}(?:-\d{1,6})?)(?![A-Za-z0-9])", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:주문\s*번호|주문\s*넘버|주문|오더|ord|끝\s*번호|끝\s*자리|뒷\s*자리|뒷\s*번호|뒤\s*번호)\s*(?:는|은|이|가)?\s*[:#]?\s*(?P<n>\d{3,16})"
    r"(?!\d|\s*(?:원|년|월|개|명|건|장|박스|kg|키로|시|일\b|만|천))",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?<![\d-])(?P<n>\d{4,7})\s*번?\s*(?:주문|오더|라인|고객|손님|건(?!\s*(?:이|을)?\s*(?:있|들어)))")
_ZERO = re.compile(r"(?<![\d-])(?P<n>0\d{3,6})(?![\d-])")
_LONE = re.compile(
    r"(?:^|(?<=\s))(?P<n>[1-9]\d{3})(?:번)?(?=\s+[가-힣A-Za-z])(?!\s*(?:원|년|개|명|건|장|박스|kg|키로|시|일|만|천))"
)
_ZERO_SPOKEN = re.compile(rf"공공(?P<n>[{_S}]{{2,5}})(?=번|\s|$)")
_TELEPHONE = re.compile(r"(?<!\d)0(?:1[016-9]|2|[3-6]\d|70|50\d)[- ]?\d{3,4}[- ]?\d{4}(?!\d)")
_TRACKING = [
    re.compile(r"(?<![A-Za-z0-9-])(?P<n>\d{10,14})(?![A-Za-z0-9-])"),
    re.compile(r"(?<![A-Za-z0-9-])(?P<n>\d{3,6}(?:[ -]\d{3,6}){2,3})(?![A-Za-z0-9-]| ?\d)"),
    re.compile(r"(?<![A-Za-z0-9])(?P<n>[A-Z]{2}\s?\d{3}\s?\d{3}\s?\d{3}\s?[A-Z]{2})(?![A-Za-z0-9])", re.IGNORECASE),
    re.compile(r"(?<![A-Za-z0-9])(?P<n>1Z[0-9A-Z]{16})(?![A-Za-z0-9])", re.IGNORECASE),
    re.compile(r"(?:택배|화물|송장|운송장|등기|번호)\S{0,3}\s*(?P<n>\d{7,9})(?!\d)"),
    re.compile(
        rf"(?<![가-힣])(?P<n>[{_S}]{{3,5}}(?:에|\s)+[{_S}]{{3,5}}(?:에|\s)+[{_S}]{{3,5}})(?=\s|$|이|예|요|입|넣|등)"
    ),
]


def find_order_shapes(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(entity, value, start, end) of every number of an order or a parcel; overlaps are settled by the caller."""
    taken: list[tuple[int, int]] = []
    for pattern in (_FULL, _FULL_BARE, _FULL_SPOKEN):
        for match in pattern.finditer(text):
            taken.append(match.span())
            yield "order_no", f"{_digits(match['day'])}-{_digits(match['n']).zfill(7)}", *match.span()
    telephones = [match.span() for match in _TELEPHONE.finditer(text)]
    for pattern in (_NAMED, _BEFORE, _ZERO, _LONE, _ZERO_SPOKEN, _OF_MARKET):
        for match in pattern.finditer(text):
            start, end = match.span("n") if pattern is not _ZERO_SPOKEN else match.span()
            if _inside(start, end, taken + telephones):
                continue
            value = "00" + _digits(match["n"]) if pattern is _ZERO_SPOKEN else match["n"].upper()
            yield "order_no", value, start, end
    for pattern in _TRACKING:
        for match in pattern.finditer(text):
            start, end = match.span("n")
            value = re.sub(r"[\s-]", "", _digits(match["n"])).upper()
            if 7 <= len(value) <= 18 and not _inside(start, end, taken + telephones) and not _is_order(text, start):
                yield "tracking_no", value, start, end


def _is_order(text: str, start: int) -> bool:
    """ "주문번호 4012345678" is no parcel's."""
    return re.search(r"주문\s*번호\s*(?:는|은|가|이)?\s*[:#]?\s*$", text[:start]) is not None


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in spans)


def _digits(written: str) -> str:
    if not re.fullmatch(rf"[{_S}에\s]+", written):
        return written
    return "".join(_SPOKEN[c] for c in written if c in _SPOKEN)

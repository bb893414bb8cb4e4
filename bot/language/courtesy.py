"""A greeting or thanks around a wish does not hide it: "안녕하세요 쿠폰 꺼주세요" is about coupons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.language.verdict import Verdict

COURTESIES = frozenset({"greet", "thank", "goodbye"})
#: what people also say with a greeting or thanks without wanting anything done
TALK = COURTESIES | {
    "affirm", "deny", "cancel", "inform", "chitchat", "complain", "rate_support", "bot_identity", "help", "support_hours",
    "out_of_scope",
}  # fmt: skip
POLITE, WISH = 0.6, 0.8  # how sure the courtesy is by itself, and what stands beside it
KNOWN = 0.97  # familiarity: this very sentence was learnt
FIRST, LAST = 4, 3  # parts at either end that a courtesy may take
#: between words and sentences; without spaces, after an ending
BOUNDARY = re.compile(r"(?<=[요다죠.!?~,…])\s*|\s+")


def beside_courtesy(text: str, whole: Verdict, read: Callable[[str], Verdict]) -> Verdict:
    """The reading of the rest where the whole is read as a courtesy, a part alone is one and the rest surely is none."""
    if whole.ranking[0][0] not in COURTESIES or whole.familiarity >= KNOWN:
        return whole
    for courtesy, rest in _halves(text):
        meant = read(rest)
        name, confidence = meant.ranking[0]
        if name in TALK or confidence < WISH:
            continue
        polite, sure = read(courtesy).ranking[0]
        if polite in COURTESIES and sure >= POLITE:
            return meant
    return whole


def _halves(text: str) -> Iterator[tuple[str, str]]:
    cuts = [found.span() for found in BOUNDARY.finditer(text) if found.start() > 0 and found.end() < len(text)]
    for start, end in cuts[:FIRST]:
        yield text[:start], text[end:]
    for start, end in cuts[::-1][:LAST]:
        yield text[end:], text[:start]

"""How Koreans read Latin words, as far as the last syllable goes.

`latin_ending` returns one Hangul syllable with the same kind of final consonant as the reading: Market -> 켓,
Smart -> 트. Acronyms are read letter by letter (CRM 씨알엠), words by spelling rules with a table of the loanwords
that break them. Rules follow the loanword spellings in use in Korean shops rather than English phonetics.
"""

from __future__ import annotations

import re

_LETTERS = {"l": "엘", "m": "엠", "n": "엔", "r": "알"}  # every other letter's name ends in a vowel
_OPEN = "트"  # any syllable without a final consonant

# Words whose reading the spelling rules miss, by last syllable.
_WORDS = {
    **dict.fromkeys(("deck", "check", "set", "kit", "bit", "pet", "edit", "yet", "soup", "jeep", "hub"), _OPEN),
    **dict.fromkeys(("walk", "new", "ink", "bat"), _OPEN),
    # The final e is read: 나이키, 셀린느, 레시피, 라떼.
    **dict.fromkeys(("nike", "celine", "recipe", "adobe", "cafe", "resume", "anime", "karaoke", "sake"), _OPEN),
    **dict.fromkeys(("finale", "ukulele", "sesame", "acne", "knit"), _OPEN),
    # The final t is silent: 데뷔, 뷔페, 발레.
    **dict.fromkeys(("debut", "depot", "ballet", "buffet", "bouquet", "gourmet", "crochet", "chalet"), _OPEN),
    **{"good": "굿", "big": "빅", "group": "룹", "comb": "콤", "bomb": "밤", "web": "웹", "up": "업", "app": "앱"},
    **{"type": "입", "talk": "톡", "bag": "백", "foot": "풋", "out": "웃"},
}
# Endings that keep their reading in a compound: checkout, backpack, iPhone, KakaoTalk.
_TAILS = {"talk": "톡", "out": "웃", "bag": "백", "foot": "풋", "type": "입", "knit": _OPEN}
# Spelled out though they look like words.
_ACRONYMS = frozenset(("vip", "led", "suv", "moq", "gif", "mou", "dac", "nas"))


def latin_ending(letters: str) -> str:
    """The last syllable of a run of ASCII letters as it is read in Korean."""
    word = re.sub(r".*[a-z](?=[A-Z][a-z])", "", letters)  # KakaoTalk -> Talk
    low = word.lower()
    if _is_spelled_out(word):
        return _LETTERS.get(low[-1], _OPEN)
    if low in _WORDS:
        return _WORDS[low]
    tail = next((sound for tail, sound in _TAILS.items() if low.endswith(tail)), None)
    return tail or _by_spelling(low)


def _is_spelled_out(word: str) -> bool:
    """Acronyms: one letter, nothing pronounceable (CRM, XL), or up to three capitals not shaped like 'TOP'."""
    low = word.lower()
    if len(low) == 1 or low in _ACRONYMS:
        return True
    if not re.search("[aeiouy]", low):
        return low not in _WORDS
    if not word.isupper() or len(word) > 3 or low in _WORDS:
        return False
    return re.fullmatch("[^aeiou][aeiouy][^aeiouwy]", low) is None or low[-1] == "r"


def _by_spelling(low: str) -> str:
    """The first rule that matches the end of the word wins."""
    for pattern, syllable in _RULES:
        if pattern.search(low):
            return syllable
    return _OPEN


_V = "[aeiouy]"
_C = "[^aeiouy]"
_RULES = [
    (re.compile(pattern + r"\Z"), syllable)
    for pattern, syllable in (
        # A silent e after m, n, l leaves that consonant last: home 홈, line 라인, style 스타일.
        (rf"{_V}me", "홈"),
        (rf"{_V}ne", "인"),
        (r"le", "일"),
        (r"ng", "잉"),
        (r"mn?", "홈"),
        (r"n", "인"),
        (r"l", "일"),
        # A short vowel before a stop closes the syllable: black 블랙, top 톱, market 마켓, basic 베이직.
        (rf"(?:^|{_C}|qu){_V}ck", "랙"),
        (rf"(?:^|{_C}){_V}k", "랙"),
        (r"ook", "룩"),
        (rf"(?:^|{_C}|qu|i){_V}c", "직"),
        (rf"(?:^|{_C}|qu){_V}pp?", "톱"),
        (r"(?:ee|ea)p", "딥"),
        (rf"(?:^|{_C}){_V}b", "랩"),
        (rf"(?:^|{_C}|qu){_V}t", "켓"),
    )
]

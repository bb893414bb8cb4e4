"""Hangul as sequences of letters, so that a typo changes one symbol instead of a whole syllable."""

from __future__ import annotations

import functools
import unicodedata

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST, _LAST = 0xAC00, 0xD7A3


def decompose(text: str) -> str:
    """Replace each Hangul syllable by its two or three letters; everything else stays."""
    letters = []
    for char in text:
        code = ord(char)
        if _FIRST <= code <= _LAST:
            offset = code - _FIRST
            letters.append(_INITIALS[offset // 588] + _VOWELS[offset % 588 // 28] + _FINALS[offset % 28])
        else:
            letters.append(char)
    return "".join(letters)


def compose(initial: str, vowel: str, final: str = "") -> str:
    """Build one syllable from its letters."""
    return chr(_FIRST + _INITIALS.index(initial) * 588 + _VOWELS.index(vowel) * 28 + _FINALS.index(final))


@functools.lru_cache(maxsize=4096)
def neighbours(syllable: str) -> tuple[str, ...]:
    """All syllables that differ in one letter (first, vowel or last); none for what is no syllable."""
    if not _FIRST <= ord(syllable) <= _LAST:
        return ()
    offset = ord(syllable) - _FIRST
    first, vowel, last = offset // 588, offset % 588 // 28, offset % 28
    found = {i * 588 + vowel * 28 + last for i in range(len(_INITIALS))}
    found |= {first * 588 + i * 28 + last for i in range(len(_VOWELS))}
    found |= {first * 588 + vowel * 28 + i for i in range(len(_FINALS))}
    return tuple(chr(_FIRST + place) for place in sorted(found - {offset}))


def compact(text: str) -> tuple[str, list[int]]:
    """Drop spaces and lower the case; the second value maps each kept character to its place in `text`.

    Characters whose lower case is longer than one are kept as they are, so places stay true.
    """
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isspace():
            continue
        lowered = char.lower()
        kept.append(lowered if len(lowered) == 1 else char)
        places.append(place)
    return "".join(kept), places


def normalise(text: str) -> str:
    """Composed Unicode (NFC), so that letters typed on another system compare equal."""
    return unicodedata.normalize("NFC", text)

"""Which sound a word ends in when a Korean reads it aloud.

The last readable sign decides; trailing quotes, punctuation, brackets and emoji are skipped. What stands inside a
closing bracket is read, because people read an option out with the name: 니트(블랙)을, 니트(화이트)를. The one
exception is a weekday after a day, 12월 2일(화), which is read 화요일.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from backend.kit.latin_reading import latin_ending


class Sound(Enum):
    """VOWEL: no final consonant; RIEUL: ㄹ, which (으)로 treats as a vowel; CONSONANT: any other."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"
    UNKNOWN = "unknown"


_FINAL_RIEUL = 8
_WEEKDAY_AFTER_DAY = re.compile(r"일\s?\([월화수목금토일]\)\W*\Z")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?\Z")
_CURRENCY = {"₩": Sound.CONSONANT, "￦": Sound.CONSONANT, "$": Sound.VOWEL, "€": Sound.VOWEL, "¥": Sound.CONSONANT}
# Signs that are read as a word: 퍼센트, 도, 플러스, and the currencies.
_SIGNS = {"%": Sound.VOWEL, "‰": Sound.VOWEL, "℃": Sound.VOWEL, "°": Sound.VOWEL, "+": Sound.VOWEL, **_CURRENCY}
_SINO_DIGITS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
# A single digit right behind Latin letters is read in English: MP3 엠피쓰리, S9 에스나인; likewise 1+1 원플러스원.
_ENGLISH_DIGITS = dict(zip("123456789", "원투리포브스븐잇인", strict=True))
# Units behind a number, by last syllable of their reading; Latin letters elsewhere are not units (size M is 엠).
_UNITS = {
    **dict.fromkeys(("g", "kg", "mg"), "램"),
    **dict.fromkeys(
        [
            "m",
            "cm",
            "mm",
            "km",
            "l",
            "ml",
            "dl",
            "cc",
            "w",
            "kw",
            "v",
            "mah",
            "ah",
            "p",
            "ea",
            "gb",
            "mb",
            "tb",
            "kb",
            "hz",
            "mhz",
            "ghz",
            "oz",
            "kcal",
            "px",
            "dpi",
            "pcs",
            "in",
            "ct",
        ],
        "터",
    ),
    "min": "분",
}
_HANJA = {"大": "대", "中": "중", "小": "소", "新": "신", "男": "남", "女": "여", "韓": "한", "美": "미", "日": "일"}


def last_sound(word: str) -> Sound:
    """The last sound of a word, product name, number, amount or date as it is read in Korean."""
    if _WEEKDAY_AFTER_DAY.search(word):
        return Sound.RIEUL
    # ™ and ® would turn into the letters TM under NFKC, but nobody reads them.
    text = unicodedata.normalize("NFKC", re.sub("[™®©℠]", "", word).replace("℃", "°"))
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not _is_latin_accent(c))
    text = unicodedata.normalize("NFC", text)
    for index in range(len(text) - 1, -1, -1):
        sound = _sound_of_end(text[: index + 1])
        if sound is not Sound.UNKNOWN:
            return sound
    return Sound.UNKNOWN


def _sound_of_end(text: str) -> Sound:
    char = text[-1]
    if "가" <= char <= "힣":
        return _sound_of_syllable(char)
    if char.isascii() and char.isalpha():
        return _sound_of_latin(text)
    if char.isdecimal():
        return _sound_of_number(text)
    if char in _SIGNS:
        before = text[:-1].rstrip()
        read_aloud = char in "℃°" or (before[-1:].isalnum() and (char != "+" or not text[-2:-1].isspace()))
        return _SIGNS[char] if read_aloud else Sound.UNKNOWN
    if char in _HANJA:
        return _sound_of_syllable(_HANJA[char])
    if "\u1100" <= char <= "\u1112":  # a consonant by itself, after NFKC: named 기역, 니은, 리을 …
        return Sound.RIEUL if char == "\u1105" else Sound.CONSONANT
    if "\u1161" <= char <= "\u1175":
        return Sound.VOWEL
    if "ぁ" <= char <= "ヿ":  # kana end in a vowel, except ん
        return Sound.CONSONANT if char in "んン" else Sound.VOWEL
    return Sound.UNKNOWN


def _sound_of_syllable(char: str) -> Sound:
    final = (ord(char) - ord("가")) % 28
    if final == 0:
        return Sound.VOWEL
    return Sound.RIEUL if final == _FINAL_RIEUL else Sound.CONSONANT


def _sound_of_latin(text: str) -> Sound:
    run = re.search(r"[A-Za-z]+\Z", text)
    letters = run[0] if run else text[-1]
    before = text[: len(text) - len(letters)].rstrip()
    if before[-1:].isdecimal() and letters.lower() in _UNITS:
        return _sound_of_syllable(_UNITS[letters.lower()])
    return _sound_of_syllable(latin_ending(letters))


def _sound_of_number(text: str) -> Sound:
    match = _NUMBER.search(text)
    if match is None:
        return Sound.UNKNOWN
    number, before = match[0], text[: match.start()]
    if before[-1:] in _CURRENCY and before:
        return _CURRENCY[before[-1]]
    last = str(int(number[-1]))
    if len(number) == 1 and last in _ENGLISH_DIGITS and re.search(r"[A-Za-z]\Z|\d\s?\+\s?\Z", before):
        return _sound_of_syllable(_ENGLISH_DIGITS[last])
    digits = number.replace(",", "")
    if last != "0" or "." in digits or digits.strip("0") == "" or digits[0] == "0" or len(digits) > 16:
        return _sound_of_syllable(_SINO_DIGITS[last])
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros >= 12:
        return Sound.VOWEL  # 조
    return Sound.CONSONANT  # 십, 백, 천, 만, 억


def _is_latin_accent(char: str) -> bool:
    """Accents over Latin letters (é), but not the marks of kana."""
    return "\u0300" <= char <= "\u036f"

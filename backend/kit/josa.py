"""Particles that fit the word before them as it is read aloud: 쿠팡이, 니트를, PRO는, SEO로, 3%가.

The word's last sound is found in `last_sound`; here the particle is chosen from it.
"""

from __future__ import annotations

from backend.kit.last_sound import Sound, last_sound

# Pair as named in templates -> (after a final consonant, after a vowel, when the word cannot be read).
_PAIRS: dict[str, tuple[str, str, str]] = {
    "은/는": ("은", "는", "은(는)"),
    "이/가": ("이", "가", "이(가)"),
    "을/를": ("을", "를", "을(를)"),
    "과/와": ("과", "와", "과(와)"),
    "으로/로": ("으로", "로", "(으)로"),
    "으로서/로서": ("으로서", "로서", "(으)로서"),
    "으로써/로써": ("으로써", "로써", "(으)로써"),
    "으로부터/로부터": ("으로부터", "로부터", "(으)로부터"),
    "으로는/로는": ("으로는", "로는", "(으)로는"),
    "으로도/로도": ("으로도", "로도", "(으)로도"),
    "이라/라": ("이라", "라", "(이)라"),
    "이라고/라고": ("이라고", "라고", "(이)라고"),
    "이라는/라는": ("이라는", "라는", "(이)라는"),
    "이란/란": ("이란", "란", "(이)란"),
    "이랑/랑": ("이랑", "랑", "(이)랑"),
    "이며/며": ("이며", "며", "(이)며"),
    "이고/고": ("이고", "고", "(이)고"),
    "이면/면": ("이면", "면", "(이)면"),
    "이에요/예요": ("이에요", "예요", "이에요"),
    "이었어요/였어요": ("이었어요", "였어요", "이었어요"),
    "이나/나": ("이나", "나", "(이)나"),
    "이든/든": ("이든", "든", "(이)든"),
    "아/야": ("아", "야", "아(야)"),
}
_ALIASES = {
    **{"/".join(reversed(pair.split("/"))): pair for pair in _PAIRS},
    **{shown: pair for pair, (_, _, shown) in _PAIRS.items()},
}


def josa(word: object, pair: str) -> str:
    """The particle of `pair` ("이/가", "으로/로" …) that follows `word`.

    After ㄹ the (으)로 family drops its 으 (서울로, 7로). A word without any readable sound (empty, emoji only,
    an unknown script) gets the form that is right either way: 을(를), (으)로. Raises ValueError for an unknown pair.
    """
    after_consonant, after_vowel, either = _PAIRS.get(_ALIASES.get(pair, pair), ("", "", ""))
    if not either:
        raise ValueError(f"unknown particle pair: {pair!r}")
    sound = last_sound(str(word))
    if sound is Sound.UNKNOWN:
        return either
    if sound is Sound.VOWEL or (sound is Sound.RIEUL and after_consonant.startswith("으로")):
        return after_vowel
    return after_consonant


def with_josa(word: object, pair: str) -> str:
    """The word with its particle attached: with_josa("쿠팡", "이/가") -> "쿠팡이"."""
    return f"{word}{josa(word, pair)}"

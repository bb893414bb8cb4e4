"""Nouns of a name or attribute, by Kiwi."""

from functools import lru_cache

from backend.kit.korean_tokens import tokenize

_NOUNS = {"NNG", "NNP", "SL"}


@lru_cache(maxsize=50_000)
def nouns(text: str) -> tuple[str, ...]:
    """Common and proper nouns and Latin words, in their order; parts that touch are joined as well (라운드+넥 -> 라운드넥)."""
    found: list[str] = []
    run, end = "", -1
    for token in tokenize(text):
        if token.tag not in _NOUNS:
            run, end = "", -1
            continue
        if token.start == end:
            run += token.form
            found[-1:] = [run]
        else:
            run = token.form
            found.append(run)
        end = token.start + token.len
    return tuple(dict.fromkeys(found))

"""Nouns of a name or attribute, by Kiwi; the model is loaded once, when it is first needed."""

from functools import lru_cache
from threading import Lock

from kiwipiepy import Kiwi

_NOUNS = {"NNG", "NNP", "SL"}
_loading = Lock()


@lru_cache(maxsize=1)
def _model() -> Kiwi:
    return Kiwi(num_workers=1)


@lru_cache(maxsize=50_000)
def nouns(text: str) -> tuple[str, ...]:
    """Common and proper nouns and Latin words, in their order; parts that touch are joined as well (라운드+넥 -> 라운드넥)."""
    with _loading:
        tokens = _model().tokenize(text)
    found: list[str] = []
    run, end = "", -1
    for token in tokens:
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

"""Kiwi, loaded once a process for everything that reads Korean: it takes a second to load, and half a one for its first sentence."""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from kiwipiepy import Kiwi, Token

from backend.kit.yaml_file import read_yaml

SOURCE = Path(__file__).resolve().parent.parent.parent / "data" / "compounds.yml"
_tokenizing = Lock()


@lru_cache(maxsize=1)
def _model() -> Kiwi:
    """Without its list of titles and names of works: it takes most of the time to load and says nothing about goods."""
    model = Kiwi(num_workers=1, load_multi_dict=False)
    for word in read_yaml(SOURCE):
        model.add_user_word(word, "NNG", 5.0)
    return model


def tokenize(text: str) -> list[Token]:
    """One caller at a time: the model is not safe in threads."""
    with _tokenizing:
        return _model().tokenize(text)


def join(parts: list[tuple[str, str]]) -> str:
    """Morphemes with their tags put together as they are written."""
    with _tokenizing:
        return str(_model().join(parts))

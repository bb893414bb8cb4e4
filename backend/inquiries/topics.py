"""What an inquiry is about: keyword rules over Kiwi's morphemes, kept as data in `data/cs_replies/topics.yml`.

A rule is a morpheme's form, or `form/TAG` where the tag tells it apart (크/VA "big" from the syllable). A topic wins
with the most rules met, and only alone: a tie, nothing met, or a word of `for_a_person` leaves it to a person.
"""

from functools import lru_cache
from threading import Lock

import yaml
from kiwipiepy import Kiwi, Token
from pydantic import BaseModel

from backend.inquiries.states import Topic
from backend.settings import ROOT

SOURCE = ROOT / "data" / "cs_replies" / "topics.yml"
_tokenizing = Lock()


class TopicRules(BaseModel, extra="forbid", frozen=True):
    """`words` are taught to the tokenizer as nouns; it would cut them up otherwise."""

    words: tuple[str, ...]
    for_a_person: frozenset[str]
    topics: dict[Topic, frozenset[str]]


@lru_cache
def topic_rules() -> TopicRules:
    return TopicRules.model_validate(yaml.safe_load(SOURCE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _model() -> Kiwi:
    model = Kiwi(num_workers=1)
    for word in topic_rules().words:
        model.add_user_word(word, "NNG", 5.0)
    return model


def tagged(text: str) -> list[Token]:
    """The morphemes in order, each with its form, tag and place."""
    with _tokenizing:
        return list(_model().tokenize(text))


def conjugate(parts: list[tuple[str, str]]) -> str:
    """Morphemes with their tags put together as they are written."""
    with _tokenizing:
        return str(_model().join(parts))


@lru_cache(maxsize=5_000)
def morphemes(text: str) -> frozenset[str]:
    """Each morpheme as `form` and as `form/TAG` (irregular verbs without their mark: 어떻/VA)."""
    return frozenset(said for t in tagged(text) for said in (t.form, f"{t.form}/{t.tag.split('-')[0]}"))


def topic_of(text: str) -> Topic:
    """Topic.OTHER when it is not clear which one."""
    rules, said = topic_rules(), morphemes(text)
    if said & rules.for_a_person:
        return Topic.OTHER
    met = {topic: len(said & words) for topic, words in rules.topics.items()}
    most = max(met.values(), default=0)
    winners = [topic for topic, count in met.items() if count == most]
    return winners[0] if most and len(winners) == 1 else Topic.OTHER

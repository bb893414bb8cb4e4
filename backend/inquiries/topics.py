"""What an inquiry is about: keyword rules over Kiwi's morphemes, kept as data in `data/cs_replies/topics.yml`.

A rule is a morpheme's form, or `form/TAG` where the tag tells it apart (크/VA "big" from the syllable). A topic wins
with the most rules met, and only alone: a tie, nothing met, or a word of `for_a_person` leaves it to a person.
"""

from functools import lru_cache

from pydantic import BaseModel

from backend.inquiries.states import Topic
from backend.kit.korean_tokens import tokenize
from backend.kit.yaml_file import read_yaml
from backend.settings import ROOT

SOURCE = ROOT / "data" / "cs_replies" / "topics.yml"


class TopicRules(BaseModel, extra="forbid", frozen=True):
    for_a_person: frozenset[str]
    topics: dict[Topic, frozenset[str]]


@lru_cache
def topic_rules() -> TopicRules:
    return TopicRules.model_validate(read_yaml(SOURCE))


@lru_cache(maxsize=5_000)
def morphemes(text: str) -> frozenset[str]:
    """Each morpheme as `form` and as `form/TAG` (irregular verbs without their mark: 어떻/VA)."""
    return frozenset(said for t in tokenize(text) for said in (t.form, f"{t.form}/{t.tag.split('-')[0]}"))


def topic_of(text: str) -> Topic:
    """Topic.OTHER when it is not clear which one."""
    rules, said = topic_rules(), morphemes(text)
    if said & rules.for_a_person:
        return Topic.OTHER
    met = {topic: len(said & words) for topic, words in rules.topics.items()}
    most = max(met.values(), default=0)
    winners = [topic for topic, count in met.items() if count == most]
    return winners[0] if most and len(winners) == 1 else Topic.OTHER

"""Korean text compared as people mistype it: the one door to `jamo` and `name_mentions`."""

from backend.kit.jamo import best_matches, compact, decompose, jamo_distance, similarity
from backend.kit.name_mentions import NameMention, find_mention

__all__ = [
    "NameMention",
    "best_matches",
    "compact",
    "decompose",
    "find_mention",
    "jamo_distance",
    "similarity",
]

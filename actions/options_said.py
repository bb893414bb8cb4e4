"""Which option a sentence wants instead of another: "S→M", "250을 260으로", "베이지로 바꿔줘"."""

import re

from actions.turn import Json
from backend.kit.hangul import compact

_SPLIT = re.compile(r"[/,·\s:]+")


def wanted_option(text: str, others: list[Json]) -> str | None:
    """The id of the only item whose option is named as where to; None when none, or several."""
    found = [one["id"] for one in others if any(_is_wanted(text, word) for word in words_of(one))]
    return str(found[0]) if len(found) == 1 else None


def words_of(item: Json) -> list[str]:
    """The words that tell this option from the product's other ones."""
    option = item.get("option_name") or ""
    return [word for word in _SPLIT.split(option) if word]


def _is_wanted(text: str, word: str) -> bool:
    said, wanted = compact(text), re.escape(compact(word))
    edge = r"(?<![a-z0-9])" if re.match(r"[A-Za-z0-9]", word) else ""
    return re.search(rf"(?:→|->|=>|에서|을|를)?{edge}{wanted}(?:사이즈|색|색상|짜리|호)?(?:으로|로|요|$|→$)", said) is not None

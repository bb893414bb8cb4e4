"""Which option a sentence wants instead of another: "S→M", "250을 260으로", "베이지로 바꿔줘"."""

import re

from actions.turn import Json

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
    edge = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", word) else ""
    behind = r"\s*(?:사이즈|색상|색|짜리|호수|호)?\s*(?:으로|로|요|$)"
    return re.search(rf"{edge}{re.escape(word)}{behind}", text, re.IGNORECASE) is not None

"""Reply drafts: one template a topic in `data/cs_replies/<topic>.j2`, filled with facts; a missing fact is an error."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.inquiries.states import Topic
from backend.inquiries.topics import SOURCE
from backend.kit import clock, josa_filters


@lru_cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(SOURCE.parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=False,
    )  # fmt: skip
    josa_filters.install(made, clock.today)
    return made


def draft_of(topic: Topic, shop: str, buyer: str, facts: dict[str, Any]) -> str:
    """The same words for the same facts, whatever the day; the merchant may send it days later."""
    return _templates().get_template(f"{topic.value}.j2").render(shop=shop, buyer=buyer, **facts).strip()

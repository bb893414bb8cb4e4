"""The sentences the hub itself says when the assistant cannot, and the notes in a thread (`data/conversation/hub.yml`)."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from backend.kit import clock, josa_filters
from backend.kit.korean_dates.edges import WEEKDAY_LETTERS
from backend.kit.yaml_file import read_yaml
from backend.settings import ROOT

SOURCE = ROOT / "data" / "conversation" / "hub.yml"


@lru_cache
def _sentences() -> dict[str, str]:
    read = read_yaml(SOURCE)["hub"]
    return {f"{section}.{key}": str(text).strip() for section, texts in read.items() for key, text in texts.items()}


@lru_cache
def _environment() -> Environment:
    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    josa_filters.install(environment, clock.today)
    environment.filters["weekday"] = lambda day: WEEKDAY_LETTERS[day]
    return environment


def say(key: str, **context: Any) -> str:
    """The sentence `<section>.<name>`, rendered; KeyError for an unknown one."""
    return _template(key).render(**context).strip()


@lru_cache
def _template(key: str) -> Template:
    return _environment().from_string(_sentences()[key])


def text_block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def notice_block(text: str, tone: str = "info") -> dict[str, Any]:
    return {"type": "notice", "tone": tone, "text": text}


def button(title: str, payload: str) -> dict[str, str]:
    return {"title": title, "payload": payload}

"""How customs wants the name, number and origin of an article: one rule for the conversation, the API and files (source: 002, 해외배송)."""

import re
from functools import lru_cache
from pathlib import Path

from backend.kit.hangul import compact
from backend.kit.wording import wording
from backend.kit.yaml_file import read_yaml

SOURCE = Path(__file__).resolve().parent.parent.parent / "data" / "inventory" / "origins.yml"
HS_CODE = re.compile(r"\d{4}(?:[. -]?\d{2}){1,3}")


@lru_cache
def origins() -> dict[str, list[str]]:
    """Country codes with what people also call where goods are made."""
    known: dict[str, list[str]] = read_yaml(SOURCE)
    return known


def english_name(said: str) -> str | None:
    """As it is kept; None for letters that a form abroad does not take."""
    return said.strip() or None if said.isascii() else None


def hs_code(said: str) -> str | None:
    """Six, eight or ten digits; None for anything else."""
    return re.sub(r"\D", "", said) if HS_CODE.fullmatch(said.strip()) else None


def origin_country(said: str) -> str | None:
    """The code, said as it is or by name ("한국"); None for a place nobody knows."""
    if re.fullmatch(r"[A-Za-z]{2}", said):
        return said.upper()
    name, names = compact(said), wording().named("origin")
    known = ((code, {compact(word) for word in (names[code], *also)}) for code, also in origins().items())
    return next((code for code, words in known if name in words), None)


#: by column of an item
RULES = {"english_name": english_name, "hs_code": hs_code, "origin_country": origin_country}

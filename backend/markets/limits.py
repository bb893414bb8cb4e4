"""Each market's limits on names, search fields and images, read from `reference/*.yml` (source: 000, markets)."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from backend.markets.codes import Market

REFERENCE = Path(__file__).parent / "reference"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceNote(_Strict):
    """Where a number comes from; `own` means we chose it."""

    certainty: Literal["first_party", "second_hand", "unsure", "own"]
    note: str
    url: str | None = None


class NameOrder(_Strict):
    """Attribute keys by their place in the name, after brand and name."""

    feature: tuple[str, ...]
    size: tuple[str, ...]
    colour: tuple[str, ...]


class TitleLimits(_Strict):
    """`unit` bytes counts EUC-KR bytes: 2 for a syllable, 1 for a Latin letter; nothing outside EUC-KR is accepted."""

    max: int
    advised: int | None = None
    unit: Literal["chars", "bytes"]
    forbidden_characters: str = ""
    promotion_words: bool
    brackets: Literal["keep", "unwrap"]
    brand_first: bool = False
    order: NameOrder | None = None

    def length(self, text: str) -> int:
        return len(text) if self.unit == "chars" else len(text.encode("cp949", errors="replace"))

    def accepts(self, char: str) -> bool:
        if char in self.forbidden_characters:
            return False
        return self.unit == "chars" or _in_euc_kr(char)


class TagLimits(_Strict):
    """SmartStore's tags, Coupang's search keywords."""

    max_count: int
    max_length: int
    spaces: bool = False

    def valid(self, tag: str) -> bool:
        """Letters and digits only: no symbol, and single spaces inside only where the market takes them."""
        word = r"[0-9A-Za-z가-힣]+"
        pattern = rf"{word}(?: {word})*" if self.spaces else word
        return 0 < len(tag) <= self.max_length and re.fullmatch(pattern, tag) is not None


class PageLimits(_Strict):
    title_max: int
    description_max: int


class ImageLimits(_Strict):
    """Representative image in pixels and megabytes; `extra` more may follow it."""

    min_px: int
    max_px: int | None = None
    advised_px: int
    max_mb: int
    extra: int
    text_allowed: bool = True


class MarketLimits(_Strict):
    market: Market
    version: int
    reviewed: date
    sources: tuple[SourceNote, ...]
    title: TitleLimits
    tags: TagLimits | None = None
    page: PageLimits | None = None
    image: ImageLimits | None = None


class PromotionWords(_Strict):
    version: int
    reviewed: date
    sources: tuple[SourceNote, ...]
    words: tuple[str, ...]


def _in_euc_kr(char: str) -> bool:
    try:
        char.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache
def limits_of(market: Market) -> MarketLimits:
    """The market's limits; raises ValidationError when its file does not fit the shape."""
    return MarketLimits.model_validate(_read(market.value))


@lru_cache
def promotion_words() -> PromotionWords:
    return PromotionWords.model_validate(_read("promotion_words"))


def _read(name: str) -> object:
    return yaml.safe_load((REFERENCE / f"{name}.yml").read_text(encoding="utf-8"))

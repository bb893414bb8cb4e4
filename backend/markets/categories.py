"""A market's categories and search filters, and which of them a product belongs to (our own data, see reference)."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from backend.kit.hangul import compact
from backend.markets.codes import Market
from backend.markets.limits import REFERENCE, SourceNote

# whole words (2XL), Korean out of what it is glued to (면100), Latin where no digit leads it (not the XL of 2XL)
_WORDS = tuple(map(re.compile, (r"[0-9A-Za-z가-힣]+", r"[가-힣]+", r"(?<![0-9A-Za-z])[A-Za-z]+")))
_LAST_SEGMENT, _EARLIER_SEGMENT, _NAME, _ANCESTOR = 400, 200, 100, 50


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Filter(_Strict):
    """`sources` are our attribute keys; an empty `options` takes the attribute's text as it is.

    In a file, `like` takes sources and options from SmartStore's filter of that key: two markets, the same words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: str
    options: dict[str, tuple[str, ...]]
    sources: tuple[str, ...]

    @model_validator(mode="before")
    @classmethod
    def _from(cls, data: Any) -> Any:
        if isinstance(data, dict) and "from" in data:
            return {**{k: v for k, v in data.items() if k != "from"}, "sources": data["from"]}
        return data


class Category(_Strict):
    code: str
    path: tuple[str, ...]
    words: tuple[str, ...]
    filters: tuple[str, ...]

    @property
    def name(self) -> str:
        return " > ".join(self.path)


class CategoryTree(_Strict):
    version: int
    reviewed: date
    sources: tuple[SourceNote, ...]
    filters: dict[str, Filter]
    categories: tuple[Category, ...]

    @model_validator(mode="after")
    def _known(self) -> "CategoryTree":
        codes = [category.code for category in self.categories]
        if len(set(codes)) != len(codes):
            raise ValueError("a category code stands for one category")
        unknown = {key for category in self.categories for key in category.filters} - set(self.filters)
        if unknown:
            raise ValueError(f"no such filters: {sorted(unknown)}")
        return self


@lru_cache
def category_tree(market: Market = Market.SMARTSTORE) -> CategoryTree:
    """Raises FileNotFoundError for a market whose categories we do not know."""
    data = _read(market)
    if any("like" in spec for spec in data["filters"].values()):
        shared = _read(Market.SMARTSTORE)["filters"]
        data["filters"] = {
            key: {**shared[spec["like"]], **{k: v for k, v in spec.items() if k != "like"}} if "like" in spec else spec
            for key, spec in data["filters"].items()
        }
    return CategoryTree.model_validate(data)


def _read(market: Market) -> dict[str, Any]:
    text = (REFERENCE / f"{market.value}_categories.yml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def category_by_code(code: str | None, market: Market = Market.SMARTSTORE) -> Category | None:
    """None for an unknown code: it may be one of the market's own that our list lacks."""
    return next((category for category in category_tree(market).categories if category.code == code), None)


@lru_cache(maxsize=50_000)
def category_of(path: str, name: str, market: Market = Market.SMARTSTORE) -> Category | None:
    """The category whose words the product's own category path says best, its name only helping; None if none fits."""
    *earlier, last = [compact(part) for part in path.split(">")]
    said = _Said(compact(path), tuple(earlier), last, tuple(map(compact, name.split())))
    best, best_score = None, 0
    for category, keys in _keys_of_categories(market):
        score = _score(category, keys, said)
        if score > best_score:
            best, best_score = category, score
    return best


def filters_for(
    category: Category, attributes: dict[str, Any], market: Market = Market.SMARTSTORE
) -> dict[str, str | list[str]]:
    """{"색상": "블랙"} from the product's attributes; several options come as a list in the market's order."""
    found: dict[str, str | list[str]] = {}
    for key in category.filters:
        spec = category_tree(market).filters[key]
        texts = [str(text) for source in spec.sources for text in _as_list(attributes.get(source))]
        values = _options(spec, texts)
        if values:
            found[spec.name] = values[0] if len(values) == 1 else values
    return found


def filter_accepts(category: Category, name: str, value: Any, market: Market = Market.SMARTSTORE) -> bool:
    """Whether the category has such a filter and every value is one of its options."""
    spec = next((s for key in category.filters if (s := category_tree(market).filters[key]).name == name), None)
    if spec is None:
        return False
    values = _as_list(value)
    return bool(values) and all(isinstance(v, str) and v and (not spec.options or v in spec.options) for v in values)


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _options(spec: Filter, texts: list[str]) -> list[str]:
    if not spec.options:
        return list(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))[:1]
    said = [word.casefold() for text in texts for pattern in _WORDS for word in pattern.findall(text)]
    return [option for option, words in spec.options.items() if any(_says(word, said) for word in words)]


def _says(option: str, said: list[str]) -> bool:
    """Short words must stand alone: 울 is not 서울, S is not SUEDE."""
    wanted = option.casefold().replace(" ", "")
    return any(
        word == wanted or (len(wanted) >= 2 and not wanted.isascii() and word.startswith(wanted)) for word in said
    )


@dataclass(frozen=True)
class _Said:
    """A product's category path and the words of its name, without spaces and symbols."""

    path: str
    earlier: tuple[str, ...]
    last: str
    words: tuple[str, ...]


@lru_cache
def _keys_of_categories(market: Market) -> tuple[tuple[Category, tuple[str, ...]], ...]:
    return tuple(
        (category, tuple(dict.fromkeys(map(compact, (*category.words, *category.path[-1].split("/"))))))
        for category in category_tree(market).categories
    )


def _score(category: Category, keys: tuple[str, ...], said: _Said) -> int:
    """Path before name, last segment before earlier ones, longer words before shorter ones, then the ancestors."""
    by_path = by_name = 0
    for key in keys:
        if _inside(key, said.last):
            by_path = max(by_path, _LAST_SEGMENT + len(key))
        elif any(_inside(key, part) for part in said.earlier):
            by_path = max(by_path, _EARLIER_SEGMENT + len(key))
        if any(_ends_with(word, key) for word in said.words):
            by_name = max(by_name, len(key))
    if not by_path and not by_name:
        return 0
    context = sum(compact(part) in said.path for part in category.path[:-1])
    context += sum(word in said.path and word in category.name for word in ("여성", "남성"))
    return (by_path or _NAME) + by_name + _ANCESTOR * context


def _ends_with(token: str, word: str) -> bool:
    return token == word or (len(word) >= 2 and token.endswith(word))


def _inside(word: str, text: str) -> bool:
    return word == text or (len(word) >= 2 and word in text)

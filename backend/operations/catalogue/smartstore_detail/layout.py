"""Which sections a detail page needs for its kind of product, read from `data/detail_pages/sections.yml`."""

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, model_validator

from backend.kit.wording import DATA
from backend.kit.yaml_file import read_yaml
from backend.markets.categories import Category

PAGES = DATA / "detail_pages"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(_Strict):
    """`words` of a heading stand for the section; one of the attributes `facts` is enough to write it."""

    words: tuple[str, ...]
    facts: tuple[str, ...]


class Kind(_Strict):
    """`titles`: section key -> the heading buyers read; `ask`: the attributes a merchant is asked for."""

    names: tuple[str, ...]
    titles: dict[str, str]
    ask: dict[str, tuple[str, ...]]


class Layout(_Strict):
    """`other` is the kind of everything that no name tells."""

    order: tuple[str, ...]
    sections: dict[str, Section]
    kinds: tuple[Kind, ...]
    other: Kind

    @model_validator(mode="after")
    def _known(self) -> "Layout":
        named = set(self.order)
        kinds = (*self.kinds, self.other)
        if named != set(self.sections) or any(not {*kind.titles, *kind.ask} <= named for kind in kinds):
            raise ValueError("every section is in the order, and nothing else is")
        asked = ((key, attribute) for kind in kinds for key, attributes in kind.ask.items() for attribute in attributes)
        if wrong := [attribute for key, attribute in asked if attribute not in self.sections[key].facts]:
            raise ValueError(f"asked for, but of no use: {wrong}")
        return self

    def kind_of(self, own_category: str, category: Category | None) -> Kind:
        """By the merchant's own category, else by the market's."""
        roots = [own_category.split(">")[0].strip(), *(category.path[:1] if category else ())]
        return next((kind for root in roots for kind in self.kinds if root in kind.names), self.other)


@lru_cache
def layout() -> Layout:
    return Layout.model_validate(read_yaml(PAGES / "sections.yml"))

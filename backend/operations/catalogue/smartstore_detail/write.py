"""A section's lines out of facts alone, worded by `data/detail_pages/<section>.j2`."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.kit import clock, josa_filters
from backend.markets.promotion import tidy
from backend.operations.catalogue.smartstore_detail.layout import PAGES
from backend.products.models import Product

Facts = dict[str, list[str]]


def facts_in(said: Mapping[str, Any], keys: tuple[str, ...] | None, most: int) -> Facts:
    """What is said under `keys` (None: everything), in their order, as lists of text; empty values are nothing."""
    found: Facts = {}
    for key in said if keys is None else keys:
        value = said.get(key)
        texts = [
            " ".join(str(one).split()) for one in (value if isinstance(value, list) else [value]) if one is not None
        ]
        if kept := [text for text in dict.fromkeys(texts) if text][:most]:
            found[str(key)] = kept
    return found


def lines_of(section: str, product: Product, facts: Facts) -> list[str]:
    """Empty without facts: nothing is said that the merchant did not."""
    if not facts:
        return []
    name = tidy(product.name) or product.name
    text = _templates().get_template(f"{section}.j2").render(name=name, brand=product.brand, facts=facts)
    return [line.strip() for line in text.splitlines() if line.strip()]


@lru_cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    josa_filters.install(made, clock.today)
    return made

"""Which product of the own mall a listing is that was registered on the market separately: certain, or told and not guessed.

The seller's own code decides when it is a product code and no name contradicts it; else the name, when it is one product's alone,
or but for a slip of the finger. Two listings that mean one product, and a product that has a listing there already, are never linked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.kit.jamo import jamo_distance
from backend.markets.limits import TitleLimits
from backend.markets.models import Listing
from backend.operations.catalogue.market_linking.names import Comparable, alike, comparable
from backend.products.models import Product


class Rules(BaseModel):
    """`slips`: jamo by which a mistyped name may differ. `doubt_from`: likeness from 0 to 1. `told`: names in a finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slips: int = Field(ge=0, le=2)
    doubt_from: float = Field(gt=0.5, le=1)
    told: int = Field(ge=1)


@dataclass(frozen=True)
class Match:
    """`product` only when it is certain; `candidates` are products it might be: they are not exported meanwhile."""

    listing: Listing
    code: str
    product: Product | None = None
    candidates: list[Product] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shelf:
    """The own mall's products; `listed` are those that have a listing on the market already."""

    by_id: dict[str, Product]
    by_code: dict[str, list[Product]]
    by_name: dict[Comparable, list[str]]
    name_of: dict[str, Comparable]
    listed: frozenset[str]
    limits: TitleLimits


def shelf(products: Sequence[Product], listed: frozenset[str], limits: TitleLimits) -> Shelf:
    by_code: dict[str, list[Product]] = {}
    by_name: dict[Comparable, list[str]] = {}
    name_of = {product.id: comparable(product.name, product.brand, limits) for product in products}
    for product in products:
        by_code.setdefault(_code(product.code), []).append(product)
        by_name.setdefault(name_of[product.id], []).append(product.id)
    return Shelf({product.id: product for product in products}, by_code, by_name, name_of, listed, limits)


def match_all(listings: Sequence[Listing], on: Shelf, rules: Rules) -> list[Match]:
    """In the listings' order; several that would take the same product are all in doubt."""
    found = [_match(listing, on, rules) for listing in listings]
    wanted = Counter(match.product.id for match in found if match.product)
    return [_contested(match) if match.product and wanted[match.product.id] > 1 else match for match in found]


def _match(listing: Listing, on: Shelf, rules: Rules) -> Match:
    title = comparable(listing.title, _brand(on), on.limits)
    near = alike(title, on.by_name, rules.doubt_from)
    by_name = _clear(title, near, on, rules)
    named = on.by_code.get(_code(listing.seller_code or ""), [])
    if len(named) == 1:
        product = named[0]
        if by_name and by_name != product.id:
            return _doubt(listing, "link_code_and_name_differ", [product, on.by_id[by_name]], rules)
        return _taken_or(listing, product, "link_by_code", {"seller_code": listing.seller_code}, on)
    if by_name:
        score = round(near[0][1] * 100)
        return _taken_or(listing, on.by_id[by_name], "link_by_name", {"likeness_percent": score}, on)
    if near:
        return _doubt(listing, "link_ambiguous", [on.by_id[one] for one, _ in near], rules)
    return Match(listing, "link_unknown")


def _clear(title: Comparable, near: list[tuple[str, float]], on: Shelf, rules: Rules) -> str | None:
    """The one product of the same name; without one, the only product near it when that is a slip of the finger away."""
    same = [one for one, score in near if score == 1.0]
    if same or len(near) != 1:
        return same[0] if len(same) == 1 else None
    only = near[0][0]
    name = on.name_of[only]
    slips = jamo_distance(title.text, name.text, rules.slips)
    return only if slips <= rules.slips and name.exact == title.exact else None


def _taken_or(listing: Listing, product: Product, code: str, evidence: dict[str, Any], on: Shelf) -> Match:
    if product.id in on.listed:
        return Match(listing, "link_already_listed", None, [product], {"product": product.name})
    return Match(listing, code, product, [product], {"product": product.name, **evidence})


def _contested(match: Match) -> Match:
    return Match(match.listing, "link_several_for_one", None, match.candidates, {"product": match.evidence["product"]})


def _doubt(listing: Listing, code: str, products: list[Product], rules: Rules) -> Match:
    names = [product.name for product in products]
    evidence = {"products": names[: rules.told], "count": len(names)}
    return Match(listing, code, None, products, evidence)


def _brand(on: Shelf) -> str | None:
    """The brand most products bear: a listing does not say its own."""
    brands = Counter(product.brand for product in on.by_id.values() if product.brand)
    return min(brands, key=lambda brand: (-brands[brand], brand), default=None)


def _code(text: str) -> str:
    return "".join(text.split()).upper()

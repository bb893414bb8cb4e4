"""What a SmartStore detail page lacks: sections are added, those of PRO's own are kept true, the merchant's stay as they are.

A section is {"key", "title", "lines": [text], "by": "merchant" | "pro", "made"}; `made` is the digest of what PRO wrote,
so that a section of PRO's that somebody edited since counts as the merchant's.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.markets.better import Better, category_for
from backend.markets.models import Listing
from backend.operations.catalogue.smartstore_detail.layout import Layout
from backend.operations.catalogue.smartstore_detail.write import facts_in, lines_of
from backend.products.models import Product

SectionData = dict[str, Any]


class Rules(BaseModel):
    model_config = ConfigDict(extra="forbid")

    most_values: int


def improve(listing: Listing, product: Product, terms: Mapping[str, Any], layout: Layout, rules: Rules) -> list[Better]:
    """`terms` are the shop's delivery terms. One for each section that is missing, outdated, or cannot be written."""
    before: list[SectionData] = list(listing.detail)
    after = list(before)
    found: list[tuple[str, dict[str, Any]]] = []
    kind = layout.kind_of(product.category, category_for(listing, product))
    for key in (key for key in layout.order if key in kind.titles):
        spec, title = layout.sections[key], kind.titles[key]
        said, keys = (product.attributes, spec.facts) if spec.facts else (terms, None)
        facts = facts_in(said, keys, rules.most_values)
        lines = lines_of(key, product, facts)
        here = [section for section in after if _covers(section, key, layout)]
        ours = next((section for section in here if _is_ours(section)), None)
        told = {"section": key, "title": title}
        if not here and not lines:
            found.append(("section_facts_missing", {**told, "needs": list(kind.ask.get(key, ()))}))
        elif not here:
            found.append(("section_missing", {**told, "lines": len(lines)}))
            _put(after, _section(key, title, lines), layout)
        elif ours and lines and ours["lines"] != lines:
            found.append(("section_outdated", {**told, "lines": len(lines)}))
            after[after.index(ours)] = _section(key, ours["title"], lines)
    return [Better("detail", before, after if _written(code) else before, code, evidence) for code, evidence in found]


def _written(code: str) -> bool:
    return code != "section_facts_missing"


def _section(key: str, title: str, lines: list[str]) -> SectionData:
    return {"key": key, "title": title, "lines": lines, "by": "pro", "made": _digest(lines)}


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _is_ours(section: SectionData) -> bool:
    lines = [str(line) for line in section.get("lines") or []]
    return section.get("by") == "pro" and section.get("made") == _digest(lines)


def _covers(section: SectionData, key: str, layout: Layout) -> bool:
    """A heading without a word under it covers nothing."""
    return key in _meanings(section, layout) and any(str(line).strip() for line in section.get("lines") or [])


def _meanings(section: SectionData, layout: Layout) -> list[str]:
    """The sections a heading stands for, by its key or by its words ("소재와 세탁" is two), in the page's order."""
    if section.get("key") in layout.sections:
        return [str(section["key"])]
    title = str(section.get("title") or "")
    return [key for key in layout.order if any(word in title for word in layout.sections[key].words)]


def _put(page: list[SectionData], made: SectionData, layout: Layout) -> None:
    """In the place of an empty heading of the same meaning, else before the first section that comes later in the order."""
    key = made["key"]
    meanings = [_meanings(section, layout) for section in page]
    at = next((n for n, means in enumerate(meanings) if means == [key]), None)
    if at is not None:
        page[at] = made
        return
    later = set(layout.order[layout.order.index(key) + 1 :])
    page.insert(next((n for n, means in enumerate(meanings) if means and set(means) <= later), len(page)), made)

"""The name a market wants, made of the product's own words only.

Brand first where the market asks for it, then the name, then for Coupang features, size and colour that are facts of
the product. Too long: words leave from the right, those of the category last. Improving twice changes nothing.
"""

from dataclasses import dataclass
from typing import Any

from backend.kit.hangul import compact
from backend.markets.limits import NameOrder, TitleLimits
from backend.operations.catalogue.product_name.words import Cleaned, clean, dedupe

_PASSES = 6


@dataclass(frozen=True)
class ProductFacts:
    brand: str | None
    category: str
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Improved:
    """`reasons` are (finding code, evidence) in the order of their weight; empty when the name already is right."""

    title: str
    reasons: list[tuple[str, dict[str, Any]]]


def improve(title: str, facts: ProductFacts, limits: TitleLimits) -> Improved:
    """The improved name and why; the very same name when no word of it could be kept."""
    reasons: list[tuple[str, dict[str, Any]]] = []
    better = _once(title, facts, limits, reasons)
    for _ in range(_PASSES):
        again = _once(better, facts, limits, [])
        if again == better:
            break
        better = again
    if better == title:
        return Improved(title, [])
    return Improved(better, reasons or [("title_untidy", {})])


def usable_brand(brand: str | None, limits: TitleLimits) -> list[str]:
    """The brand's words, or none when the market would refuse them or they fill half of the name."""
    if not brand:
        return []
    tokens = clean(brand, limits).tokens
    fits = limits.length(brand.strip()) * 2 <= limits.max
    return tokens if fits and " ".join(tokens) == brand.strip() else []


def _once(title: str, facts: ProductFacts, limits: TitleLimits, reasons: list[tuple[str, dict[str, Any]]]) -> str:
    cleaned = clean(title, limits)
    if limits.length(title) > limits.max:
        reasons.append(("title_too_long", {"length": limits.length(title), "limit": limits.max, "unit": limits.unit}))
    _note_removed(cleaned, reasons)
    tokens = cleaned.tokens
    brand = usable_brand(facts.brand, limits) if limits.brand_first else []
    if {token.casefold() for token in tokens} <= {token.casefold() for token in brand}:
        # nothing left that names the thing: its category does
        tokens = dedupe([*tokens, *clean(facts.category.rsplit(">", 1)[-1], limits).tokens])
    if not tokens:
        return title
    if brand:
        tokens = _brand_first(tokens, brand, reasons)
    if limits.order:
        tokens = _ordered(tokens, len(brand), facts, limits, limits.order, reasons)
    return _cut(tokens, len(brand), facts, limits)


def _note_removed(cleaned: Cleaned, reasons: list[tuple[str, dict[str, Any]]]) -> None:
    if cleaned.characters:
        reasons.append(("title_forbidden_character", {"characters": cleaned.characters}))
    if cleaned.promotion:
        reasons.append(("title_promotion_word", {"words": list(dict.fromkeys(cleaned.promotion))}))
    if cleaned.repeated:
        reasons.append(("title_repeated_word", {"words": dedupe(cleaned.repeated)}))
    if cleaned.brackets:
        reasons.append(("title_bracket_clutter", {"brackets": list(dict.fromkeys(cleaned.brackets))}))


def _brand_first(tokens: list[str], brand: list[str], reasons: list[tuple[str, dict[str, Any]]]) -> list[str]:
    whole = "".join(brand).casefold()
    head = tokens[0].casefold()
    if len(whole) >= 3 and head.startswith(whole) and len(head) - len(whole) >= 2:
        tokens = [*brand, tokens[0][len(whole) :], *tokens[1:]]  # 루나핏가디건
    placed = dedupe(brand + [token for token in tokens if token.casefold() != whole or len(brand) == 1])
    if placed != tokens:
        inside = whole in "".join(tokens).casefold()
        reasons.append(("title_brand_not_first" if inside else "title_brand_missing", {"brand": " ".join(brand)}))
    return placed


def _ordered(
    tokens: list[str], fixed: int, facts: ProductFacts, limits: TitleLimits, order: NameOrder,
    reasons: list[tuple[str, dict[str, Any]]],
) -> list[str]:  # fmt: skip
    """Feature, size and colour behind the name; a fact that is missing is added when it is the product's only value."""
    head, name = tokens[:fixed], tokens[fixed:]
    tails: list[list[str]] = []
    for keys in (order.size, order.colour):
        tail: list[str] = []
        for value in _values(facts, keys, limits):
            at = _run(name, value)
            if at is not None and len(name) > len(value):  # a name is never colour and size alone
                tail += value
                name = name[:at] + name[at + len(value) :]
        tails.append(tail)
    if head + name + tails[0] + tails[1] != tokens:
        reasons.append(("title_order", {"order": ["brand", "name", "feature", "size", "colour"]}))
    added: dict[str, str] = {}
    groups = [name, *tails]
    for group, keys in zip(groups, (order.feature, order.size, order.colour), strict=True):
        for key in keys:
            value = _only_value(facts, key, limits)
            now = [*head, *(token for part in groups for token in part)]
            if not value or _mentions(now, value) or limits.length(" ".join(now + value)) > limits.max:
                continue
            group += value
            added[key] = " ".join(value)
    if added:
        reasons.append(("title_attribute_missing", {"attributes": added}))
    return dedupe([*head, *(token for part in groups for token in part)])


def _values(facts: ProductFacts, keys: tuple[str, ...], limits: TitleLimits) -> list[list[str]]:
    found = []
    for key in keys:
        value = facts.attributes.get(key)
        for one in value if isinstance(value, list) else [value]:
            if one is not None and (tokens := clean(str(one), limits).tokens):
                found.append(tokens)
    return found


def _only_value(facts: ProductFacts, key: str, limits: TitleLimits) -> list[str]:
    """The attribute's words when it has one value; several values are options, not a name."""
    values = _values(facts, (key,), limits)
    return values[0] if len(values) == 1 else []


def _run(tokens: list[str], value: list[str]) -> int | None:
    folded, wanted = [t.casefold() for t in tokens], [v.casefold() for v in value]
    for at in range(len(tokens) - len(value) + 1):
        if folded[at : at + len(value)] == wanted:
            return at
    return None


def _mentions(tokens: list[str], value: list[str]) -> bool:
    folded = {token.casefold() for token in tokens}
    return any(v.casefold() in folded for v in value) or compact("".join(value)) in compact("".join(tokens))


def _cut(tokens: list[str], fixed: int, facts: ProductFacts, limits: TitleLimits) -> str:
    leaf = [word.casefold() for word in facts.category.rsplit(">", 1)[-1].replace("/", " ").split() if len(word) > 1]
    core = [any(word in token.casefold() for word in leaf) for token in tokens]
    if not any(core[fixed:]):
        core[-1] = True  # a Korean name ends in the thing it names
    kept = list(range(len(tokens)))
    while limits.length(" ".join(tokens[i] for i in kept)) > limits.max:
        loose = [i for i in kept if i >= fixed and not core[i]] or [i for i in kept if i > fixed]
        if not loose:
            break
        kept.remove(loose[-1])
    return _fit(" ".join(tokens[i] for i in kept), limits)


def _fit(text: str, limits: TitleLimits) -> str:
    while limits.length(text) > limits.max:
        text = text[:-1]
    return text.rstrip()

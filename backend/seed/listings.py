"""Listings on the markets with the flaws that real ones have: stuffed, shouted, repeated, nameless; some are fine."""

from random import Random
from typing import Any

from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.seed.description import ShopDescription, words
from backend.seed.products import SeededProduct

FLAWS = {"fine": 26, "brand_missing": 24, "promotion": 16, "repeated": 14, "too_long": 11, "brackets": 9}


def listings_of(shop: ShopDescription, products: list[SeededProduct], rng: Random) -> list[dict[str, Any]]:
    rows = []
    for market, account in shop.markets.items():
        for product in products:
            if rng.random() >= account.share:
                continue
            number = rng.randrange(10**9, 10**10)
            rows.append({
                "id": f"lst_{shop.mall_id}_{market.value}_{product.id[-5:]}", "shop_id": f"shop_{shop.mall_id}",
                "product_id": product.id, "market": market, "market_product_no": str(number),
                "title": _title(shop, product, market, rng), "category_code": None, "filters": {},
                **_search_fields(product, market, rng), **_by_hand(product, market), "version": 1,
            })  # fmt: skip
    return rows


def _title(shop: ShopDescription, product: SeededProduct, market: Market, rng: Random) -> str:
    name = " ".join(dict.fromkeys(product.row["name"].split()))
    flaw = rng.choices(list(FLAWS), list(FLAWS.values()))[0]
    leaf, stuffing = product.category.leaf, shop.stuffing
    if flaw == "brand_missing":
        return name
    if flaw == "promotion":
        return f"{rng.choice(words().promotion)} {shop.brand} {name} {rng.choice(words().promotion)}"
    if flaw == "repeated":
        return f"{shop.brand} {leaf} {name} {rng.choice(stuffing)} {leaf} {name.split()[0]}"
    if flaw == "brackets":
        return f"[{shop.brand}] {name} ({rng.choice(stuffing)}/{rng.choice(stuffing)})"
    title = f"{shop.brand} {name}"
    if flaw == "too_long":
        limit, more = limits_of(market).title, list(stuffing)
        rng.shuffle(more)
        more += [f"{word}{leaf}" for word in more] + [f"{word}추천" for word in more]
        while limit.length(title) <= limit.max and more:
            title += f" {more.pop(0)}"
    return title


def _search_fields(product: SeededProduct, market: Market, rng: Random) -> dict[str, Any]:
    """Most search fields are empty; a few were filled by hand, some of them against the rules."""
    fields: dict[str, Any] = {"page_title": None, "page_description": None, "tags": []}
    if market is not Market.SMARTSTORE or rng.random() < 0.7:
        return fields
    leaf = product.category.leaf
    fields["tags"] = rng.choice(
        ([leaf, f"{leaf}추천"], [f"#{leaf} 추천", "데일리 필수템"], [f"{leaf}선물", "무료배송"])
    )
    if rng.random() < 0.5:
        fields["page_title"] = product.row["name"]
    return fields


def _by_hand(product: SeededProduct, market: Market) -> dict[str, Any]:
    """What the merchant wrote for SmartStore's detail page and Coupang's search: mostly nothing, some of it not allowed.

    With dice of its own, so that the rest of the shop does not change with it.
    """
    dice, leaf = Random(f"{product.id} {market.value}"), product.category.leaf
    written: dict[str, Any] = {"keywords": [], "detail": []}
    if market is Market.COUPANG and dice.random() < 0.3:
        written["keywords"] = dice.choice(
            ([leaf, f"{leaf} 추천"], [f"무료배송 {leaf}", leaf], [f"{leaf}!", f"{leaf}선물", f"{leaf} 선물"])
        )
    if market is Market.SMARTSTORE and dice.random() < 0.6:
        written["detail"] = [_section("상품 소개", dice.choice(words().intros))]
        if dice.random() < 0.4:
            written["detail"].append(_section("배송 안내", dice.choice(words().deliveries)))
    return written


def _section(title: str, line: str) -> dict[str, Any]:
    return {"key": None, "title": title, "lines": [line], "by": "merchant"}

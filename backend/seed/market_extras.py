"""What stands on the markets beside the mall's listings: things registered there by hand, grants, the store's own face.

It has dice of its own, so that the shops' trade stays the same whatever is added here.
"""

from datetime import date
from random import Random
from typing import Any

from backend.markets.codes import Market
from backend.markets.hosting import HostingState
from backend.operations.catalogue.loader import operations
from backend.seed.description import Account, ShopDescription, words
from backend.seed.images import image_path
from backend.seed.products import SeededProduct

# how a thing registered by hand resembles the mall's product: its code, its name, half a name, or it is nowhere in the mall
KINDS = {"code": 3, "name": 3, "half": 2, "stranger": 1}
STRANGERS = ("사은품 파우치", "포장 박스 추가", "도매 견적 문의", "샘플 모음")


def registered_by_hand(
    shop: ShopDescription, products: list[SeededProduct], listings: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows without a product, of products that the market does not have from the mall."""
    dice = Random(f"opstalk by hand {shop.mall_id}")
    rows: list[dict[str, Any]] = []
    for market, account in shop.markets.items():
        listed = {row["product_id"] for row in listings if row["market"] is market}
        free = [product for product in products if product.id not in listed and product.base]
        kinds = _kinds(account, len(free))
        for number, (kind, product) in enumerate(zip(kinds, dice.sample(free, len(kinds)), strict=True), 1):
            rows.append({
                "id": f"lst_{shop.mall_id}_{market.value}_s{number:04d}", "shop_id": f"shop_{shop.mall_id}",
                "product_id": None, "market": market, "market_product_no": str(dice.randrange(10**9, 10**10)),
                "seller_code": _seller_code(kind, product, dice), "title": _title(kind, shop, product, dice),
                "price": round(int(product.row["price"]) * dice.choice((1.0, 1.0, 1.05)) / 100) * 100,
                "category_code": None, "filters": {}, "page_title": None, "page_description": None, "tags": [], "version": 1,
            })  # fmt: skip
    return rows


def grants(shop: ShopDescription, today: date, moment: Any) -> list[dict[str, Any]]:
    """Image exposure PRO granted before the replayed weeks; `moment(today, days ago, hour)` gives the instant."""
    fees = operations()["image_hosting"].config.rules["monthly_fee"]
    return [
        {
            "id": f"imh_{shop.mall_id}_{market.value}", "shop_id": f"shop_{shop.mall_id}", "market": market,
            "state": HostingState.GRANTED, "granted_at": moment(today, account.hosted_days, 9), "covers_until": None,
            "monthly_fee_saved": fees[market.value], "version": 1,
        }
        for market, account in shop.markets.items()
        if account.hosted_days is not None
    ]  # fmt: skip


def own_storefront(shop: ShopDescription) -> list[dict[str, Any]]:
    """A SmartStore the merchant set up alone; an empty list where PRO is to do it."""
    if not shop.store_set_up:
        return []
    first = shop.categories[0]
    drawn = image_path(first.motif, first.tint, shop.brand)
    paths = [category.path.split(" > ") for category in shop.categories]
    shown = dict.fromkeys(" > ".join(parts[:level]) for parts in paths for level in range(1, len(parts) + 1))
    return [{
        "id": f"stp_{shop.mall_id}_smartstore", "shop_id": f"shop_{shop.mall_id}", "market": Market.SMARTSTORE,
        "profile_image": drawn, "banner_pc": drawn, "banner_mobile": drawn, "display_categories": list(shown), "version": 1,
    }]  # fmt: skip


def _kinds(account: Account, most: int) -> list[str]:
    """Mixed by weight in a fixed order, so that even a few rows hold every kind."""
    cycle = [kind for turn in range(max(KINDS.values())) for kind, weight in KINDS.items() if turn < weight]
    return [cycle[number % len(cycle)] for number in range(min(account.separate, most))]


def _seller_code(kind: str, product: SeededProduct, dice: Random) -> str | None:
    if kind == "code":
        return str(product.row["code"])
    return dice.choice((None, f"M-{dice.randrange(100, 999)}"))


def _title(kind: str, shop: ShopDescription, product: SeededProduct, dice: Random) -> str:
    name = " ".join(str(product.row["name"]).split())
    if kind == "stranger":
        return dice.choice(STRANGERS)
    if kind == "half":
        return " ".join(name.split()[1:]) or name
    if kind == "code":
        return f"{dice.choice(words().promotion)} {name} {dice.choice(shop.stuffing)}"
    return dice.choice((f"[{shop.brand}] {name}", f"{shop.brand} {name}", f"{dice.choice(words().promotion)} {name}"))

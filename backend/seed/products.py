"""The products of a demo shop: names, prices and facts that fit together."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from backend.products.models import SaleStatus
from backend.seed.description import Category, ShopDescription, Size, words
from backend.seed.images import image_path


@dataclass(frozen=True)
class SeededProduct:
    """`base` is the name in the description; `appeal` how often it is chosen against the others."""

    row: dict[str, Any]
    base: str
    category: Category
    appeal: float
    rising: bool

    @property
    def id(self) -> str:
        return str(self.row["id"])


def products_of(shop: ShopDescription, size: Size, today: date, rng: Random) -> list[SeededProduct]:
    named = [(c, base, base) for c in shop.categories for base in c.products]
    for variant in words().variants[: size.variants]:
        named += [(c, "", f"{variant} {base}") for c in shop.categories for base in c.products]
    rng.shuffle(named)
    return [
        _product(shop, number, category, base, name, _registered(number, len(named), shop, today, rng), rng)
        for number, (category, base, name) in enumerate(named, 1)
    ]


def _registered(number: int, of: int, shop: ShopDescription, today: date, rng: Random) -> date:
    """Most are older than the year shown, a fifth came during it, a tenth in the last eight weeks."""
    place = number / of
    longest = min(shop.opened_days_ago, 900)
    if place <= 0.7:
        days = rng.randint(min(366, longest - 20), longest - 10)
    elif place <= 0.9:
        days = rng.randint(60, 360)
    else:
        days = rng.randint(9, 56)
    return today - timedelta(days=days)


def _product(
    shop: ShopDescription, number: int, category: Category, base: str, name: str, registered: date, rng: Random
) -> SeededProduct:
    attributes = _attributes(shop, category, name, rng)
    low, high = category.price
    price = rng.randrange(low // 1000, high // 1000 + 1) * 1000 - rng.choice((100, 100, 200, 0))
    status = rng.choices((SaleStatus.ON_SALE, SaleStatus.SOLD_OUT, SaleStatus.HIDDEN), (94, 4, 2))[0]
    row = {
        "id": f"prd_{shop.mall_id}_{number:05d}", "shop_id": f"shop_{shop.mall_id}", "code": f"P{number:05d}",
        "name": _mall_name(_with_volume(name, attributes), category, rng), "brand": shop.brand,
        "category": category.path, "price": price, "status": SaleStatus.ON_SALE if base in _asked_for(shop) else status,
        "attributes": attributes, "image": image_path(category.motif, category.tint, base or name),
        "registered_on": registered, "version": 1,
    }  # fmt: skip
    appeal = rng.lognormvariate(0, 0.8) * (40_000 / price) ** 0.3
    return SeededProduct(row, base, category, appeal, rising=rng.random() < 0.5)


def _asked_for(shop: ShopDescription) -> str:
    """What the shop's people name in their acts stays on sale, whatever the dice say."""
    return " ".join(str(value) for act in shop.acts for value in (act.params, act.params.get("fields")))


def _attributes(shop: ShopDescription, category: Category, name: str, rng: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word, material in shop.materials.items():
        if word in name.split() or name.startswith(word):
            found["소재"] = material
            break
    if shop.colours:
        found["색상"] = rng.sample(shop.colours, rng.randint(1, 4))
    if category.sizes:
        found["사이즈"] = list(category.sizes)
    if category.volumes:
        volume = rng.choice(category.volumes)
        found["수량" if volume.endswith("매") else "용량" if volume.endswith("ml") else "중량"] = volume
    if category.path.startswith("식품"):
        found["원산지"] = "국내산" if "견과" not in category.path else "미국산"
    return {**found, **category.facts}


def _with_volume(name: str, attributes: dict[str, Any]) -> str:
    volume = attributes.get("중량") or attributes.get("용량") or attributes.get("수량")
    return f"{name} {volume}" if volume else name


def _mall_name(name: str, category: Category, rng: Random) -> str:
    """Most names are tidy; some say a word twice or carry stray spaces, as typed in a hurry."""
    dice = rng.random()
    if dice < 0.05:
        return f"{name} {name.split()[-1]}"
    if dice < 0.08:
        return name.replace(" ", "  ", 1)
    return name

"""Display categories for the store: the own mall's category tree as far as products buyers can see hang on it."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.products.models import Product, SaleStatus

_JOINT = " > "


def own_paths(session: Session, shop_id: str) -> list[str]:
    """The category of each product that is not hidden."""
    query = select(Product.category).where(Product.shop_id == shop_id, Product.status != SaleStatus.HIDDEN)
    return list(session.scalars(query))


def display_categories(paths: Iterable[str], depth: int, most: int) -> list[str]:
    """Paths with every parent before its children, the fullest branch first, at most `depth` levels and `most` of them.

    A category is left out whole before a parent is: what is kept always has its parents.
    """
    held: Counter[tuple[str, ...]] = Counter()
    for path in paths:
        parts = tuple(part for part in (part.strip() for part in path.split(">")) if part)[:depth]
        for level in range(1, len(parts) + 1):
            held[parts[:level]] += 1
    kept = sorted(held, key=lambda parts: (len(parts), -held[parts], parts))[:most]
    place = {parts: (-held[parts], parts) for parts in kept}
    in_tree = sorted(kept, key=lambda parts: [place[parts[: level + 1]] for level in range(len(parts))])
    return [_JOINT.join(parts) for parts in in_tree]

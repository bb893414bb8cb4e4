"""Products of a shop: one by id or code, and a search people need not spell well."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.kit.hangul import best_matches, compact
from backend.products.models import Product


def product_named(session: Session, shop_id: str, wanted: str) -> Product | None:
    """The shop's product with this id or code; None for another shop's."""
    return session.scalars(
        select(Product).where(
            Product.shop_id == shop_id, or_(Product.id == wanted, Product.code == wanted.strip().upper())
        )
    ).first()


def search(session: Session, shop_id: str, query: str, limit: int) -> list[Product]:
    """Names, brands and codes that contain the query ignoring spaces and case; else names spelt much like it."""
    products = list(session.scalars(select(Product).where(Product.shop_id == shop_id).order_by(Product.code)))
    wanted = compact(query)
    if not wanted:
        return products[:limit]
    words = [compact(word) for word in query.split() if compact(word)]
    within = [
        p for p in products if all(word in compact(f"{p.name}{p.brand or ''}{p.category}{p.code}") for word in words)
    ]
    if within:
        within.sort(key=lambda p: (wanted not in compact(p.name), p.code))
        return within[:limit]
    by_name: dict[str, list[Product]] = {}
    for product in products:
        by_name.setdefault(product.name, []).append(product)
    return [p for name, _ in best_matches(query, by_name, limit) for p in by_name[name]][:limit]


def names(session: Session, shop_id: str, ids: Iterable[str]) -> dict[str, str]:
    """Names by id, of this shop's products only."""
    rows = session.execute(select(Product.id, Product.name).where(Product.shop_id == shop_id, Product.id.in_(set(ids))))
    return dict(rows.tuples().all())

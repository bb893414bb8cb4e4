"""The product page: one product with its name on each market, and what PRO did to each name."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.markets.categories import category_by_code
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.products.models import Product
from backend.products.service import search
from backend.web.demo.pro_marks import Mark, marks_of

PAGE = 20
SEARCH_FIELDS = ("category_code", "filters", "page_title", "page_description", "tags")
_ORDER = {market: number for number, market in enumerate(Market)}


@dataclass(frozen=True)
class MarketName:
    """`target` and `id` name what an edit writes: the product itself on the own mall, the listing elsewhere."""

    target: str
    id: str
    market: Market
    text: str
    mark: Mark | None


@dataclass(frozen=True)
class SearchField:
    field: str
    value: str
    mark: Mark | None


@dataclass(frozen=True)
class ProductRow:
    product: Product
    names: list[MarketName]
    search: list[SearchField] = field(default_factory=list)

    @property
    def changed_names(self) -> int:
        return sum(1 for name in self.names if name.mark and name.mark.state == "stands")


@dataclass(frozen=True)
class ProductPage:
    rows: list[ProductRow]
    total: int
    page: int
    changed: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def product_page(session: Session, shop_id: str, query: str, only_changed: bool, page: int) -> ProductPage:
    changed = _changed_products(session, shop_id)
    if query.strip():
        found = search(session, shop_id, query, 200)
    else:
        found = list(session.scalars(select(Product).where(Product.shop_id == shop_id).order_by(Product.code)))
    if only_changed:
        place = {product_id: number for number, product_id in enumerate(changed)}
        found = sorted((p for p in found if p.id in place), key=lambda p: place[p.id])
    page = min(max(1, page), max(1, -(-len(found) // PAGE)))
    shown = found[(page - 1) * PAGE : page * PAGE]
    return ProductPage(_rows(session, shop_id, shown), len(found), page, len(changed))


def _changed_products(session: Session, shop_id: str) -> list[str]:
    """Ids of products of which a name on some market is PRO's doing, the latest first."""
    at = func.max(AuditEvent.at)
    standing = (
        AuditEvent.shop_id == shop_id, AuditEvent.source_type == "run", AuditEvent.op == "set",
        AuditEvent.undone_by.is_(None),
    )  # fmt: skip
    on_mall = select(AuditEvent.target_id, at).where(
        *standing, AuditEvent.target_type == "product", AuditEvent.field == "name"
    )
    elsewhere = (
        select(Listing.product_id, at)
        .join(AuditEvent, AuditEvent.target_id == Listing.id)
        .where(
            *standing, AuditEvent.target_type == "listing", AuditEvent.field == "title", Listing.product_id.is_not(None)
        )
    )
    latest: dict[str, Any] = {}
    rows = [
        *session.execute(on_mall.group_by(AuditEvent.target_id)),
        *session.execute(elsewhere.group_by(Listing.product_id)),
    ]
    for product_id, moment in rows:
        latest[product_id] = max(moment, latest.get(product_id, moment))
    return sorted(latest, key=lambda product_id: (latest[product_id], product_id), reverse=True)


def _rows(session: Session, shop_id: str, products: list[Product]) -> list[ProductRow]:
    ids = [product.id for product in products]
    listings = list(session.scalars(select(Listing).where(Listing.shop_id == shop_id, Listing.product_id.in_(ids))))
    on_mall = marks_of(session, shop_id, "product", {(p.id, "name"): p.name for p in products})
    values = {(row.id, name): getattr(row, name) for row in listings for name in ("title", *SEARCH_FIELDS)}
    elsewhere = marks_of(session, shop_id, "listing", values)
    by_product: dict[str, list[Listing]] = {}
    for row in sorted(listings, key=lambda row: _ORDER[row.market]):
        by_product.setdefault(row.product_id or "", []).append(row)
    rows = []
    for product in products:
        own = by_product.get(product.id, [])
        names = [MarketName("product", product.id, Market.MALL, product.name, on_mall.get((product.id, "name")))]
        names += [MarketName("listing", row.id, row.market, row.title, elsewhere.get((row.id, "title"))) for row in own]
        smartstore = next((row for row in own if row.market is Market.SMARTSTORE), None)
        rows.append(ProductRow(product, names, _search_fields(smartstore, elsewhere) if smartstore else []))
    return rows


def _search_fields(row: Listing, marks: dict[tuple[str, str], Mark]) -> list[SearchField]:
    return [SearchField(name, _shown(name, getattr(row, name)), marks.get((row.id, name))) for name in SEARCH_FIELDS]


def _shown(name: str, value: Any) -> str:
    if name == "category_code":
        category = category_by_code(value)
        return " > ".join(category.path) if category else (value or "")
    if isinstance(value, dict):
        return " · ".join(f"{key} {', '.join(v) if isinstance(v, list) else v}" for key, v in value.items())
    if isinstance(value, list):
        return " ".join(f"#{tag}" for tag in value)
    return value or ""

"""Small products and listings for tests; what a test does not name is unremarkable."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop


def make_product(
    session: Session, shop: Shop, code: str, name: str, *, category: str = "여성의류 > 니트 > 가디건",
    brand: str | None = None, attributes: dict[str, Any] | None = None, status: SaleStatus = SaleStatus.ON_SALE,
) -> Product:  # fmt: skip
    product = Product(
        id=f"prd_{shop.mall_id}_{code}", shop_id=shop.id, code=code, name=name, brand=brand, category=category,
        price=39_000, status=status, attributes=attributes or {}, registered_on=date(2026, 3, 2),
    )  # fmt: skip
    session.add(product)
    session.flush()
    return product


def make_listing(
    session: Session, product: Product, market: Market, title: str | None = None, **fields: Any
) -> Listing:
    listing = Listing(
        id=f"lst_{product.id}_{market.value}", shop_id=product.shop_id, product_id=product.id, market=market,
        market_product_no=f"{market.value}-{product.code}", title=title or product.name, **fields,
    )  # fmt: skip
    session.add(listing)
    session.flush()
    return listing

"""Values of listings that a person cannot read as they are: a picture by its size and weight, a page by its headings,
a category by its name."""

from typing import Any

from sqlalchemy.orm import Session

from backend.images.look import picture_at
from backend.markets.categories import category_by_code
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.products.models import Product

WITH_CATEGORIES = frozenset({Market.SMARTSTORE, Market.COUPANG})
SHOWN = frozenset({"image", "detail", "category_code"})


def shown(session: Session, shop_id: str, listing_id: str, field: str, value: Any) -> str | None:
    """ "1000×1000 · 84 KB", "상품 특징, 소재"; None when there is nothing to say, or the value speaks for itself."""
    if field == "detail":
        return ", ".join(str(section.get("title") or "") for section in value or []) or None
    if field == "category_code":
        return _category(session, shop_id, listing_id, value)
    if field != "image":
        return None
    picture = picture_at(value or _original(session, shop_id, listing_id))
    return str(picture) if picture else value


def picture_of(session: Session, shop_id: str, listing_id: str, value: Any) -> str | None:
    """Where a browser finds the picture; None when there is none that it could show."""
    found = value or _original(session, shop_id, listing_id)
    return found if isinstance(found, str) and picture_at(found) else None


def _category(session: Session, shop_id: str, listing_id: str, code: Any) -> str | None:
    """ "패션의류 > 여성의류 > 니트"; a code that our list lacks stays as it is."""
    listing = session.get(Listing, listing_id)
    if not code or listing is None or listing.shop_id != shop_id or listing.market not in WITH_CATEGORIES:
        return None
    category = category_by_code(str(code), listing.market)
    return category.name if category else None


def _original(session: Session, shop_id: str, listing_id: str) -> str | None:
    """A listing without a picture of its own shows the mall's."""
    listing = session.get(Listing, listing_id)
    if listing is None or listing.shop_id != shop_id or listing.product_id is None:
        return None
    product = session.get(Product, listing.product_id)
    return product.image if product else None

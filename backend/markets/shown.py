"""Values of listings that a person cannot read as they are: a picture by its size and weight, a page by its headings."""

from typing import Any

from sqlalchemy.orm import Session

from backend.images.look import picture_at
from backend.markets.models import Listing
from backend.products.models import Product

SHOWN = frozenset({"image", "detail"})


def shown(session: Session, shop_id: str, listing_id: str, field: str, value: Any) -> str | None:
    """ "1000×1000 · 84 KB", "상품 특징, 소재"; None when there is nothing to say, or the value speaks for itself."""
    if field == "detail":
        return ", ".join(str(section.get("title") or "") for section in value or []) or None
    if field != "image":
        return None
    picture = picture_at(value or _original(session, shop_id, listing_id))
    return str(picture) if picture else value


def _original(session: Session, shop_id: str, listing_id: str) -> str | None:
    """A listing without a picture of its own shows the mall's."""
    listing = session.get(Listing, listing_id)
    if listing is None or listing.shop_id != shop_id or listing.product_id is None:
        return None
    product = session.get(Product, listing.product_id)
    return product.image if product else None

"""Which of the shop's products a sentence speaks of."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kit.hangul import find_mention
from backend.products.models import Product
from backend.products.schemas import ProductMentionOut

_CODE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,3}\d{3,}(?![0-9A-Za-z])")


def mentioned_products(session: Session, shop_id: str, text: str, limit: int = 5) -> list[ProductMentionOut]:
    """Best first; a code such as P00012 is certain, a name may be partial, run together or mistyped.

    Products that bear the same name are all returned, so that the caller can ask which one.
    """
    rows = session.execute(
        select(Product.id, Product.code, Product.name).where(Product.shop_id == shop_id).order_by(Product.code)
    ).all()
    codes = {code.upper() for code in _CODE.findall(text)}
    found = [ProductMentionOut(id=r.id, code=r.code, name=r.name, score=1.0) for r in rows if r.code.upper() in codes]
    seen = {mention.id for mention in found}
    for mention in find_mention(text, [row.name for row in rows], limit):
        for row in rows:
            if row.name == mention.name and row.id not in seen:
                seen.add(row.id)
                found.append(ProductMentionOut(id=row.id, code=row.code, name=row.name, score=mention.score))
    return found[:limit]

"""The stock page: every item with what is there, what is promised and what may still be sold."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.inventory.asked import ItemsAsked, LowAsked
from backend.inventory.items import items_of, low_items
from backend.inventory.schemas import ItemOut
from backend.inventory.states import StockLabel
from backend.web.demo.pager import Paged

PAGE = 20


@dataclass(frozen=True)
class StockPage(Paged):
    """`counts` by label over the whole shop: sold out, arriving, nearly sold out."""

    rows: list[ItemOut]
    counts: dict[StockLabel, int]


def stock_page(session: Session, shop_id: str, text: str, *, low: bool, page: int) -> StockPage:
    offset = (page - 1) * PAGE
    scarce = low_items(session, shop_id, LowAsked(limit=PAGE, offset=offset if low else 0))
    found = scarce if low else items_of(session, shop_id, ItemsAsked(text=text, limit=PAGE, offset=offset))
    return StockPage(found.total, page, PAGE, found.items, scarce.counts)

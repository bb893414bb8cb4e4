"""A buyer's question as a market tells it, whichever market it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CollectedInquiry:
    """`buyer` None: the market names nobody. `market_product_no` None: not about one product."""

    market_inquiry_no: str
    asked_at: datetime
    text: str
    buyer: str | None = None
    market_product_no: str | None = None

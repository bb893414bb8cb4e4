"""The wire shapes of products."""

from pydantic import BaseModel, ConfigDict

from backend.products.models import SaleStatus


class ProductOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    code: str
    name: str
    brand: str | None
    category: str
    price: int
    status: SaleStatus


class ProductMentionOut(BaseModel):
    """A product a sentence speaks of; `score` is 1.0 for its very name or code."""

    id: str
    code: str
    name: str
    score: float

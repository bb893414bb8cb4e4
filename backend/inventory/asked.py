"""What a list of stock may be asked for; each is also the query of its route."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.inventory.states import MovementReason, StockLabel

Low = Literal["low", "sold_out", "nearly_out"]  # sold out also counts what is awaited
Due = Literal["open", "overdue", "all"]


class Asked(BaseModel):
    """`limit` rows from the `offset`-th on."""

    model_config = ConfigDict(populate_by_name=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class ItemsAsked(Asked):
    text: Annotated[str, Field(max_length=200)] = ""
    product_id: str | None = None
    tag: str | None = None
    label: StockLabel | None = None
    supplier_id: str | None = None


class LowAsked(Asked):
    """Of the kind `which`, or whatever has `at_most` so many left."""

    which: Low = "low"
    at_most: Annotated[int | None, Field(ge=0, le=1_000_000)] = None


class DaysAsked(Asked):
    """`first` and `last` are days of Asia/Seoul, both included."""

    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None


class ItemMovementsAsked(DaysAsked):
    reason: MovementReason | None = None


class MovementsAsked(ItemMovementsAsked):
    product_id: str | None = None


class InboundsAsked(DaysAsked):
    which: Due = "open"
    item_id: str | None = None
    product_id: str | None = None

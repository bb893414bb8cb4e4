"""The numbers of the new-store set-up, checked when the operation is loaded."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Side = Annotated[int, Field(ge=200, le=4000)]


class Rules(BaseModel):
    """Sizes are width and height in pixels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: tuple[Side, Side]
    banner_pc: tuple[Side, Side]
    banner_mobile: tuple[Side, Side]
    category_depth: int = Field(ge=1, le=4)
    categories_max: int = Field(ge=1)

"""The wire shapes of handed-in spreadsheets."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from backend.inventory.spreadsheet.columns import ImportKind


class ImportRowOut(BaseModel):
    """`row` is the row's number in the file; `error` a name, with what belongs to it in `data`."""

    row: int
    code: str | None
    item_id: str | None
    item: str | None
    before: int | None
    after: int | None
    new: bool
    error: str | None
    data: dict[str, Any]


class ImportOut(BaseModel):
    """`rows` holds at most 50: the wrong ones first. `errors` counts them by name."""

    id: str
    kind: ImportKind
    file_name: str
    size: int
    good: int
    bad: int
    new: int
    moved: int
    pieces: int
    errors: dict[str, int]
    rows: list[ImportRowOut]
    created_at: datetime
    applied_at: datetime | None


class ImportRowPage(BaseModel):
    rows: list[ImportRowOut]
    total: int
    limit: int
    offset: int
    next_offset: int | None

"""Rows by the hundred."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session


def put(session: Session, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """In one statement: an empty column is written as such, which else would begin a statement of its own."""
    if rows:
        session.execute(insert(model).execution_options(render_nulls=True), rows)

"""Two wrote the same unique thing at the same moment: which key they met at, and what people call it.

A shop's writers take turns and look before they write, so this is the last word of the database (docs/decisions/0011). A
unique key says in its `info` under TAKEN which error it is; one without a name of its own is `edit_conflict`.
"""

import sqlite3
from functools import lru_cache

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from backend.db.base import Base

TAKEN = "taken"
UNNAMED = "edit_conflict"
_VIOLATED = "23505"  # SQLSTATE
_SQLITE_SAYS = "UNIQUE constraint failed: "
Key = tuple[str, frozenset[str]]


def code_when_taken(error: IntegrityError) -> str | None:
    """None where no unique key of ours was met: then something is wrong with the work itself."""
    key = _met(error)
    return _codes().get(key) if key else None


def _met(error: IntegrityError) -> Key | None:
    met = error.orig
    if isinstance(met, sqlite3.IntegrityError):
        said = str(met)
        if met.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE or not said.startswith(_SQLITE_SAYS):
            return None
        columns = [column.split(".") for column in said.removeprefix(_SQLITE_SAYS).split(", ")]
        return columns[0][0], frozenset(name for _, name in columns)
    if getattr(met, "sqlstate", None) != _VIOLATED:
        return None
    return _by_name().get(str(met.diag.constraint_name))  # type: ignore[union-attr]


@lru_cache
def _keys() -> dict[str, tuple[Key, str]]:
    """By name: its table and columns, and its code."""
    return {
        str(key.name): ((table.name, frozenset(key.columns.keys())), key.info.get(TAKEN, UNNAMED))
        for table in Base.metadata.tables.values()
        for key in (*table.constraints, *table.indexes)
        if isinstance(key, UniqueConstraint) or (isinstance(key, Index) and key.unique)
    }


def _by_name() -> dict[str, Key]:
    return {name: key for name, (key, _) in _keys().items()}


def _codes() -> dict[Key, str]:
    return dict(_keys().values())

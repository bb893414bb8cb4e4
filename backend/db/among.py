"""A column that is one of many texts, told to the database as one parameter: a JSON array to SQLite, an array to PostgreSQL.

`in_` makes a parameter of each value and a statement text for each count of them; for hundreds of values that costs more
than the search does. Here neither the number of parameters nor the statement depends on how many there are.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, JSON, Boolean, ColumnElement, Text, TypeDecorator, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine


class _Texts(TypeDecorator[list[str]]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSON() if dialect.name == "sqlite" else ARRAY(Text()))


class _Among(ColumnElement[bool]):
    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        ("column", InternalTraversal.dp_clauseelement),
        ("texts", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, texts: Any) -> None:
        self.column, self.texts = column, texts

    def self_group(self, against: Any = None) -> "_Among":
        """Not `… = 1`, as SQLAlchemy says of a truth it does not know: no index would be used."""
        return self

    @property
    def _from_objects(self) -> list[Any]:
        found: list[Any] = self.column._from_objects
        return found


def among(column: Any, texts: Iterable[str]) -> ColumnElement[bool]:
    """Whether it is any of them; of none, never. Only for columns of text, enums not among them."""
    return _Among(getattr(column, "expression", column), bindparam(None, list(texts), type_=_Texts(), unique=True))


@compiles(_Among)
def _on_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(element.texts, **kw)})"


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    texts = compiler.process(element.texts, **kw)
    return f"{compiler.process(element.column, **kw)} IN (SELECT value FROM json_each({texts}))"

"""Many rows of one table in one statement: what SQLAlchemy would prepare for each row is prepared once.

Tens of thousands of rows spend most of their time in the preparation of their parameters. Here a statement is compiled
once, each value of a column is converted once by the column's own type, and the driver gets plain tuples (or dicts).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, literal_column, update
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


def insert_many(
    session: Session, model: Any, columns: Sequence[str] | None, rows: Sequence[Values], **same: Any
) -> None:
    """Every row says all of `columns`; `same` holds for every row. Without `columns` a row says what the first one says, and
    columns that are None in all of them are left to the database. Defaults of other columns are not filled in."""
    if not rows:
        return
    told = _by_column(rows, tuple(rows[0]) if columns is None else columns)
    if columns is None:
        told = {name: said for name, said in told.items() if said[0] is not None or said.count(None) < len(said)}
    connection = _connection(session)
    _inserting(model.__table__, (*told, *same), connection.dialect).run(connection, told, same)


def update_many(
    session: Session,
    model: Any,
    columns: Sequence[str],
    rows: Sequence[Values],
    *,
    adding: Sequence[str] = (),
    **same: Any,
) -> None:
    """Each row is found by its "id"; its version counts up. What a row says of the columns `adding` is added to them."""
    if not rows:
        return
    told = {_TO + name: values for name, values in _by_column(rows, (*columns, *adding)).items()}
    told[_OF_ID] = [row["id"] for row in rows]
    connection = _connection(session)
    writing = _updating(model.__table__, (*columns, *same), tuple(adding), connection.dialect)
    writing.run(connection, told, {_TO + name: value for name, value in same.items()})


_TO, _OF_ID = "to_", "of_id"


def _by_column(rows: Sequence[Values], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    if len(names) < 2:  # `itemgetter` of one name gives no tuple
        return {name: [row[name] for row in rows] for name in names}
    return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))


@dataclass(frozen=True)
class _Writing:
    text: str
    order: tuple[str, ...]  # of the parameters
    positional: bool
    convert: dict[str, Convert]  # what the types do to a value
    hashable: frozenset[str]

    def run(self, connection: Connection, told: Mapping[str, Sequence[Any]], same: Values) -> None:
        columns: list[Iterable[Any]] = []
        for name in self.order:
            act = self.convert.get(name)
            if name in told:
                columns.append(self._converted(act, told[name], name in self.hashable) if act else told[name])
            else:
                columns.append(repeat(act(same[name]) if act else same[name]))
        rows = zip(*columns, strict=False)  # those that are the same for all have no end
        parameters: Any = list(rows) if self.positional else [dict(zip(self.order, row, strict=True)) for row in rows]
        connection.exec_driver_sql(self.text, parameters)

    @staticmethod
    def _converted(act: Convert, values: Sequence[Any], hashable: bool) -> list[Any]:
        """Words and days repeat and are converted once; moments hardly do, and looking for them would cost more."""
        if not hashable:  # a list or a dict: known again only where rows share it
            shared = {id(value): value for value in values}
            made = {known: act(value) for known, value in shared.items()}
            return [made[id(value)] for value in values]
        distinct = set(values)
        if len(distinct) > len(values) / 2:
            return [act(value) for value in values]
        made = {value: act(value) for value in distinct}
        return [made[value] for value in values]


def _connection(session: Session) -> Connection:
    session.flush()
    return session.connection()


@lru_cache(maxsize=256)
def _inserting(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Writing:
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    return _compiled(insert(table).values(values), {name: table.c[name].type for name in names}, dialect)


@lru_cache(maxsize=256)
def _updating(table: Table, names: tuple[str, ...], adding: tuple[str, ...], dialect: Dialect) -> _Writing:
    said = {name: bindparam(_TO + name, type_=table.c[name].type) for name in (*names, *adding)}
    values = {name: table.c[name] + value if name in adding else value for name, value in said.items()}
    statement = update(table).where(table.c.id == bindparam(_OF_ID, type_=table.c.id.type))
    types = {_TO + name: table.c[name].type for name in said} | {_OF_ID: table.c.id.type}
    return _compiled(statement.values(version=table.c.version + literal_column("1"), **values), types, dialect)


def _compiled(statement: Any, types: Mapping[str, Any], dialect: Dialect) -> _Writing:
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
    convert = cast(dict[str, Convert], compiled._bind_processors)
    return _Writing(
        str(compiled),
        tuple(compiled.positiontup or ()) if compiled.positional else tuple(types),
        compiled.positional,
        {name: act for name, act in convert.items() if name in types},
        frozenset(name for name, type_ in types.items() if type_.hashable),
    )

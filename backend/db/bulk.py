"""Many rows of one table in one statement: what SQLAlchemy would prepare for each row is prepared once.

Tens of thousands of rows spend most of their time in the preparation of their parameters; here values that are the same
for all rows are converted once, and the driver gets plain tuples or dicts.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]


def insert_many(session: Session, model: Any, columns: Sequence[str], rows: Sequence[Values], **same: Any) -> None:
    """Every row says all of `columns`; `same` holds for every row. Defaults of other columns are not filled in."""
    table = cast(Table, model.__table__)
    statement = insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in (*columns, *same)})
    _run(session, statement, columns, rows, same)


def update_many(session: Session, model: Any, columns: Sequence[str], rows: Sequence[Values], **same: Any) -> None:
    """Each row is found by its "id"; its version counts up."""
    table = cast(Table, model.__table__)
    values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in (*columns, *same)}
    statement = update(table).where(table.c.id == bindparam("of_id", type_=table.c.id.type))
    named = ({"of_id": row["id"], **{f"to_{name}": row[name] for name in columns}} for row in rows)
    constant = {f"to_{name}": value for name, value in same.items()}
    names = ("of_id", *(f"to_{name}" for name in columns))
    _run(session, statement.values(version=table.c.version + 1, **values), names, list(named), constant)


def _run(session: Session, statement: Any, columns: Sequence[str], rows: Sequence[Values], same: Values) -> None:
    if not rows:
        return
    session.flush()
    connection: Connection = session.connection()
    compiled = cast(SQLCompiler, statement.compile(dialect=connection.dialect))
    convert = cast(dict[str, Callable[[Any], Any]], compiled._bind_processors)  # what the types do to a value
    fixed = {name: convert[name](value) if name in convert else value for name, value in compiled.params.items()}
    fixed |= {name: convert[name](value) if name in convert else value for name, value in same.items()}

    def value(name: str) -> Callable[[Values], Any]:
        if name not in columns:
            return lambda row, known=fixed[name]: known  # type: ignore[misc]
        act = convert.get(name)
        if act is None:
            return itemgetter(name)
        return lambda row: act(row[name])

    if compiled.positional:
        order = [value(name) for name in compiled.positiontup or ()]
        parameters: Any = [tuple([read(row) for read in order]) for row in rows]
    else:
        named = {name: value(name) for name in (*columns, *fixed)}
        parameters = [{name: read(row) for name, read in named.items()} for row in rows]
    connection.exec_driver_sql(str(compiled), parameters)

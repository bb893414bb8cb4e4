"""Everything the database holds, so that "nothing else moved" can be said exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from backend.db.models import metadata

State = dict[str, list[tuple[Any, ...]]]
#: what every change leaves behind by its nature
TRACES = frozenset({"plans", "audit_events", "market_commands"})


def whole_state(session: Session, without: frozenset[str] = frozenset(), versions: bool = True) -> State:
    """Rows of every table but those in `without`; with `versions` False without the counters of edits."""
    session.flush()
    state = {}
    for name, table in sorted(metadata.tables.items()):
        if name not in without:
            columns = [c for c in table.columns if versions or c.name != "version"]
            rows = session.execute(table.select().with_only_columns(*columns)).all()
            state[name] = sorted(tuple(map(repr, row)) for row in rows)
    return state


def difference(before: State, after: State) -> dict[str, tuple[list[Any], list[Any]]]:
    """Rows gone and rows new, by table; empty when nothing moved."""
    return {
        name: ([r for r in before[name] if r not in after[name]], [r for r in after[name] if r not in before[name]])
        for name in before
        if before[name] != after[name]
    }


@contextmanager
def rolled_back(session: Session) -> Iterator[None]:
    """Each example starts from the same shop."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()

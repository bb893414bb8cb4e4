"""Which things may be changed, and which of their fields: nothing else can be written through a change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import TypeDecorator, inspect
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.audit.models import AuditEvent
from backend.changes.change import Change, Effect
from backend.db.base import Base
from backend.errors import IllegalMove

Transitions = Mapping[Any, frozenset[Any]]


@dataclass(frozen=True)
class Target:
    """`undo_create` maps a created row to the fields that take it out of service again (it is never deleted).

    `undo_effect` tells what that means for people, and `past_undoing` names rows that time has closed
    (an ended coupon, a dropped run whose place a newer one took): an undo leaves those alone. `past_change` says the
    same of one change of a row (a start that has come).
    `undo_right` is what an undo needs beside the right to undo, so that it never does what its person may not.
    `written` runs in the same transaction once a change of the row is written, for what must always go with it (the
    stock of an item with its ledger); it raises EditConflict when that cannot be. `undo_by` gives the changes that put
    a created row back where the row itself must stay as it is (a ledger). `settled` sees all undoing changes of its kind
    together, in order, and returns them as they must be or raises what stands in their way (stock that is gone since).
    `afterwards`, one after the other, see all changes of their kind once everything of one source is written, and return what
    must follow from the whole of it (a parcel that nothing is left in); that is written and audited with the rest, so an undo
    puts it back, before the next is asked.
    """

    model: type[Base]
    fields: frozenset[str]
    id_prefix: str
    transitions: Mapping[str, Transitions] = field(default_factory=dict)
    undo_create: Callable[[Any], dict[str, Any]] | None = None
    undo_effect: Callable[[Any], Effect | None] | None = None
    past_undoing: Callable[[Session, Any], bool] | None = None
    past_change: Callable[[Session, Any, AuditEvent], bool] | None = None
    undo_right: Callable[[Any], Permission] | None = None
    written: Callable[[Session, Actor, Any, Change], None] | None = None
    undo_by: Callable[[Session, Any, AuditEvent], list[Change]] | None = None
    settled: Callable[[Session, str, list[Change]], list[Change]] | None = None
    afterwards: tuple[Callable[[Session, str, list[Change]], list[Change]], ...] = ()


_TARGETS: dict[str, Target] = {}


def register(name: str, target: Target) -> None:
    _TARGETS[name] = target


def target(name: str) -> Target:
    return _TARGETS[name]


def to_json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def from_json(model: type[Base], column: str, value: Any) -> Any:
    """The column's own Python value for a JSON one."""
    if value is None:
        return None
    kind = _python_type(model, column)
    if issubclass(kind, Enum):
        return kind(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return value


def _python_type(model: type[Base], column: str) -> type:
    stored = inspect(model).columns[column].type
    return stored.impl_instance.python_type if isinstance(stored, TypeDecorator) else stored.python_type


def check_move(spec: Target, column: str, before: Any, after: Any) -> None:
    """Raises IllegalMove when a state may not follow another."""
    table = spec.transitions.get(column)
    if table is not None and after not in table.get(before, frozenset()):
        raise IllegalMove(f"{before} cannot become {after}", before=to_json(before), after=to_json(after))

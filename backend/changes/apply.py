"""The one writer: puts changes into the shop and leaves an audit event for each."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.record import Source, record
from backend.changes import registry
from backend.changes.change import Change
from backend.changes.sentinels import Made, resolve
from backend.db.base import Base
from backend.db.locks import locked_together, take_turn
from backend.db.unique import code_when_taken
from backend.errors import EditConflict, NotFound
from backend.kit.ids import new_id


def current(session: Session, shop_id: str, target_type: str, target_id: str) -> Base:
    row = session.get(registry.target(target_type).model, target_id)
    if row is None or row.shop_id != shop_id:  # type: ignore[attr-defined]
        raise NotFound("no such thing in this shop", target=target_type)
    return row


def apply(session: Session, actor: Actor, action: str, source: Source, changes: Sequence[Change]) -> list[Change]:
    """Write `changes` in order and return them as written (created rows with their ids, sentinels resolved).

    Raises EditConflict when a field no longer holds its `before` or another row got the same unique value (with the name
    that its key has, see db/unique.py), IllegalMove for a forbidden state step.
    """
    written: list[Change] = []
    take_turn(session, [actor.shop_id])
    try:
        _write(session, actor, action, source, changes, written)
        for kind in dict.fromkeys(change.target_type for change in written):
            for follow in registry.target(kind).afterwards:
                own = [change for change in written if change.target_type == kind]
                _write(session, actor, action, source, follow(session, actor.shop_id, own), written)
    except IntegrityError as error:
        code = code_when_taken(error)
        if code is None:
            raise
        raise EditConflict("another one was faster", code=code) from error
    return written


def rehearse(session: Session, actor: Actor, action: str, source: Source, changes: Sequence[Change]) -> list[Change]:
    """What `afterwards` would add to these changes: they are written, looked at and taken back. Raises as `apply` does."""
    if not any(registry.target(change.target_type).afterwards for change in changes):
        return []
    session.flush()
    trial = session.begin_nested()
    try:
        return apply(session, actor, action, source, changes)[len(changes) :]
    finally:
        trial.rollback()
        session.expire_all()  # stock that statements moved is read again


def _write(
    session: Session, actor: Actor, action: str, source: Source, changes: Sequence[Change], written: list[Change]
) -> None:
    """Adds to `written`, in whose order the audit counts."""
    at_hand = _locked(session, changes)
    for change in changes:
        done = (
            _create(session, actor, source, change, written)
            if change.op == "create"
            else _set(session, actor, source, change, written)
        )
        record(session, actor, action, source, len(written), done)
        written.append(done)
    session.flush()
    del at_hand


def _locked(session: Session, changes: Sequence[Change]) -> list[Base]:
    """The rows that will be set, as they are now and nobody else's from here on, in one query for each kind of thing;
    held, so that the session finds them again."""
    wanted: dict[type[Base], set[str]] = {}
    for change in changes:
        if change.op == "set":
            wanted.setdefault(registry.target(change.target_type).model, set()).add(change.target_id)
    return [
        row
        for model, ids in sorted(wanted.items(), key=lambda of_kind: of_kind[0].__tablename__)
        for some in batched(sorted(ids), 500)
        for row in locked_together(session, model, some)
    ]


def _set(session: Session, actor: Actor, source: Source, change: Change, written: Sequence[Change]) -> Change:
    spec = registry.target(change.target_type)
    if change.field not in spec.fields:
        raise NotFound("that field cannot be changed", field=change.field)
    row = current(session, actor.shop_id, change.target_type, change.target_id)
    now_value = getattr(row, change.field)
    if registry.to_json(now_value) != change.before:
        raise EditConflict(
            "the field moved since the preview",
            target=change.target_type, target_id=change.target_id, field=change.field,
            expected=change.before, found=registry.to_json(now_value),
        )  # fmt: skip
    after = _resolved(session, [change.after], actor, source, written)[0]
    new_value = registry.from_json(spec.model, change.field, after)
    registry.check_move(spec, change.field, now_value, new_value)
    setattr(row, change.field, new_value)
    if hasattr(row, "version"):
        row.version += 1
    done = replace(change, after=after)
    if spec.written:
        spec.written(session, actor, row, done)
    return done


def _create(session: Session, actor: Actor, source: Source, change: Change, written: Sequence[Change]) -> Change:
    spec = registry.target(change.target_type)
    values = _resolved(session, list(change.after.values()), actor, source, written)
    after = dict(zip(change.after, values, strict=True))
    columns: dict[str, Any] = {k: registry.from_json(spec.model, k, v) for k, v in after.items()}
    row = spec.model(id=new_id(spec.id_prefix), shop_id=actor.shop_id, **columns)
    session.add(row)
    done = Change(change.target_type, row.id, "*", None, after, change.label, "create")  # type: ignore[attr-defined]
    if spec.written:
        spec.written(session, actor, row, done)
    return done


def _resolved(
    session: Session, values: Sequence[Any], actor: Actor, source: Source, written: Sequence[Change]
) -> list[Any]:
    if any(isinstance(value, Made) for value in values):
        session.flush()  # the row that is pointed to comes first
    return [resolve(value, actor, source, written) for value in values]

"""Who may write when two want to at once, on a database that lets both (docs/decisions/0011).

SQLite has one writer at a time and needs none of this. PostgreSQL gets the same order by shop: whoever changes a shop
first takes the shop's turn, then rows by primary key; so nobody decides on what another is about to change, and no two
wait for each other. `key_share`: whoever only points at a locked row (a foreign key) need not wait.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session, SessionTransaction

from backend.db.base import Base

_HELD = "turns_held"


def take_turn(session: Session, shop_ids: Collection[str]) -> None:
    """Waits until nobody else changes these shops; the turn ends with the transaction.

    What the session read before is read again: it may have been changed while we waited.
    """
    held: set[str] = session.info.setdefault(_HELD, set())
    wanted = sorted(set(shop_ids) - held)
    if not wanted or session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    for shop_id in wanted:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(shop_id, 0))))
    held.update(wanted)
    session.expire_all()


def take_turn_of(session: Session, model: Any, ids: Collection[str]) -> None:
    """The turns of the shops these rows belong to."""
    if session.get_bind().dialect.name == "postgresql":
        rows = select(model.shop_id).where(model.id.in_(ids)).distinct()
        take_turn(session, list(session.scalars(rows)))


def locked[T: Base](session: Session, model: type[T], row_id: str | None) -> T | None:
    """The row as it is now, and nobody else's until the transaction ends."""
    session.flush()
    return session.get(model, row_id, with_for_update={"key_share": True}, populate_existing=True) if row_id else None


def locked_together[T: Base](session: Session, model: type[T], ids: Collection[str]) -> list[T]:
    """The same for many: by primary key, so that two who lock some of the same never wait for each other."""
    key = inspect(model).primary_key[0]
    query = select(model).where(key.in_(sorted(ids))).order_by(key)
    return list(session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)))


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    session.info.pop(_HELD, None)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _: SessionTransaction) -> None:
    # also of a savepoint, with which the turns that were taken in it are lost
    session.info.pop(_HELD, None)

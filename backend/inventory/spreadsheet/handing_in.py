"""Takes a file in: read, understood and checked against stock as it is now; the same file twice is one."""

import hashlib

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.locks import take_turn
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.reading import read_sheet
from backend.inventory.spreadsheet.resolving import resolve
from backend.inventory.spreadsheet.understanding import understand
from backend.kit import clock
from backend.kit.garbage import without_collecting
from backend.kit.ids import new_id


@without_collecting
def hand_in(session: Session, actor: Actor, kind: ImportKind, file_name: str, body: bytes) -> StockImport:
    """Raises InvalidInput where the file as a whole cannot be taken; wrong rows are kept with their errors."""
    take_turn(session, [actor.shop_id])
    digest = hashlib.sha256(kind.encode() + b"\0" + body).hexdigest()
    known = _known(session, actor, digest)
    if known is not None:
        check_again(session, known)
        return known
    rows = understand(read_sheet(body), kind)
    if kind is ImportKind.ITEMS:
        rows = [{**row, "new_id": new_id("itm")} for row in rows]
    made = StockImport(
        id=new_id("imp"), shop_id=actor.shop_id, kind=kind.value, file_name=file_name[:120], digest=digest,
        size=len(body), rows=rows, good=0, bad=0, by_id=actor.id, created_at=clock.now(),
    )  # fmt: skip
    check_again(session, made)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:  # the same file came in twice at once
        if (known := _known(session, actor, digest)) is None:
            raise
        return known
    return made


def check_again(session: Session, row: StockImport) -> None:
    """Stock moves on: what the rows mean is looked up anew until they are applied."""
    if row.applied_at is not None:
        return
    rows = resolve(session, row.shop_id, ImportKind(row.kind), row.rows)
    bad = sum("error" in entry for entry in rows)
    if rows != row.rows:
        row.rows = rows
    row.good, row.bad = len(rows) - bad, bad


def _known(session: Session, actor: Actor, digest: str) -> StockImport | None:
    return session.scalars(
        select(StockImport).where(StockImport.shop_id == actor.shop_id, StockImport.digest == digest)
    ).first()

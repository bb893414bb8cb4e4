"""What the own mall's admin lists of partners and people, as a connector last brought it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory_settings.models import EntryKind, MallEntry
from backend.kit.ids import new_id


def listed(session: Session, shop_id: str, kind: EntryKind) -> list[MallEntry]:
    """Also those that were taken out, with `listed` False; in the order of their names there."""
    query = select(MallEntry).where(MallEntry.shop_id == shop_id, MallEntry.kind == kind)
    return list(session.scalars(query.order_by(MallEntry.external_id)))


def bring(
    session: Session,
    shop_id: str,
    kind: EntryKind,
    entries: dict[str, tuple[str, dict[str, Any]]],
    *,
    whole: bool = True,
) -> None:
    """Keep what the mall says now: {external id: (name, details)}; with `whole` what is not among them was taken out."""
    known = {entry.external_id: entry for entry in listed(session, shop_id, kind)}
    for external_id, (name, details) in entries.items():
        entry = known.get(external_id)
        if entry is None:
            session.add(MallEntry(
                id=new_id("mle"), shop_id=shop_id, kind=kind, external_id=external_id, name=name, details=details
            ))  # fmt: skip
        else:
            if entry.name != name:
                entry.former_names = [*entry.former_names, entry.name]
            entry.name, entry.details, entry.listed = name, details, True
    for external_id, entry in known.items():
        if whole and external_id not in entries:
            entry.listed = False

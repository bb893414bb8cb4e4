"""A checked spreadsheet is applied whole, previewed and confirmed like every change; refused while rows are wrong."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.change import Change, Effect
from backend.changes.registry import Target
from backend.changes.sentinels import NOW
from backend.errors import Conflict, NotFound, NothingToChange
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet import applying
from backend.inventory.spreadsheet.resolving import fingerprint, resolve_to_write
from backend.kit.garbage import without_collecting
from backend.plans.kinds import PlanKind, Proposal, register

SHOWN = 10


class ImportParams(BaseModel):
    import_id: str
    skip_bad: bool = False


@without_collecting
def propose_import(session: Session, actor: Actor, params: ImportParams) -> Proposal:
    """Raises NotFound `import_not_found`, NothingToChange `import_applied` or `import_changes_nothing`, Conflict
    `import_has_bad_rows` unless `skip_bad`."""
    actor.require(Permission.STOCK_MOVE)
    row = session.get(StockImport, params.import_id)
    if row is None or row.shop_id != actor.shop_id:
        raise NotFound("no such file", code="import_not_found")
    if row.applied_at is not None:
        raise NothingToChange("it is applied", code="import_applied", file=row.file_name, at=row.applied_at.isoformat())
    rows = resolve_to_write(session, row).rows
    good = [entry for entry in rows if "error" not in entry]
    bad = [entry for entry in rows if "error" in entry]
    if bad and not params.skip_bad:
        first = [{"row": entry["row"], "error": entry["error"]} for entry in bad[:SHOWN]]
        raise Conflict("some rows are wrong", code="import_has_bad_rows", good=len(good), bad=len(bad), rows=first)
    moving = [entry for entry in good if entry["after"] != entry["before"]]
    if not moving and not any(entry.get("new") or entry.get("set") for entry in good):
        raise NothingToChange("all is so already", code="import_changes_nothing", file=row.file_name, rows=len(rows))
    told = {
        "kind": row.kind, "file": row.file_name, "good": len(good), "skipped": len(bad), "moved": len(moving),
        "new": sum(bool(entry.get("new")) for entry in good),
        "pieces": sum(entry["after"] - entry["before"] for entry in moving), "state": fingerprint(good),
        "items": [
            {"row": entry["row"], "item": entry["item"], "before": entry["before"], "after": entry["after"]}
            for entry in (moving or good)[:SHOWN]
        ],
    }  # fmt: skip
    change = Change("stock_import", row.id, "applied_at", None, NOW, row.file_name)
    return Proposal([change], [Effect("import_applies", told)])


def _can_be_undone(session: Session, shop_id: str, changes: list[Change]) -> list[Change]:
    for change in changes:
        if change.after is None:
            applying.check_undo(session, shop_id, session.get_one(StockImport, change.target_id))
    return changes


registry.register("stock_import", Target(
    StockImport, frozenset({"applied_at"}), "imp", written=applying.write, settled=_can_be_undone,
))  # fmt: skip
register(PlanKind("stock.import", ImportParams, propose_import))

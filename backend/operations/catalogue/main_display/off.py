"""What an OFF means for the main page: it stays as it is shown now; nothing is put back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.display.models import DisplayGroup
from backend.operations.models import Run
from backend.operations.states import RunState


def when_off(session: Session, shop_id: str) -> tuple[list[Change], list[Effect]]:
    return [], [_display_stays(session, shop_id)]


def _display_stays(session: Session, shop_id: str) -> Effect:
    groups = session.scalars(
        select(DisplayGroup)
        .where(DisplayGroup.shop_id == shop_id, DisplayGroup.automatic)
        .order_by(DisplayGroup.number)
    )
    last = session.scalars(
        select(Run)
        .where(Run.shop_id == shop_id, Run.operation == "main_display", Run.state == RunState.DONE)
        .order_by(Run.finished_at.desc())
        .limit(1)
    ).first()
    changed_at = last.finished_at.isoformat() if last and last.finished_at else None
    return Effect("display_stays", {
        "groups": [{"number": g.number, "name": g.name} for g in groups], "last_changed_at": changed_at,
    })  # fmt: skip

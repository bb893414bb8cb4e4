"""Rows as their wire shapes."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.markets import shown as listings
from backend.operations import history, switches
from backend.operations.models import OffSwitch, Run
from backend.operations.schemas import ExplainedOut, OffSwitchOut, RunChangeOut, RunDetail, RunOut
from backend.operations.states import RunState
from backend.products.models import Product

Names = dict[str, str]


def runs_out(session: Session, shop_id: str, runs: Sequence[Run]) -> list[RunOut]:
    counts = history.counted(session, shop_id, [run.id for run in runs])
    return [run_out(run, *counts.get(run.id, (0, 0))) for run in runs]


def run_out(run: Run, changed: int, undone: int) -> RunOut:
    return RunOut(
        id=run.id, operation=run.operation, market=run.market.value if run.market else None, state=run.state,
        trigger=run.trigger, scheduled_for=run.scheduled_for, first_scheduled_for=run.first_scheduled_for,
        moved=run.moved or 0, announced_at=run.announced_at, started_at=run.started_at,
        finished_at=run.finished_at, reason=run.reason, attempts=run.attempts, rule=run.rule or {}, result=run.result or {},
        changed=changed, undone=undone, undoable=run.state is RunState.DONE and undone < changed,
    )  # fmt: skip


def run_detail(session: Session, run: Run) -> RunDetail:
    events = history.events_of_runs(session, run.shop_id, [run.id])[run.id]
    names = names_in(session, run.shop_id, events)
    out = run_out(run, len(events), sum(event.undone_by is not None for event in events))
    return RunDetail(
        **out.model_dump(), findings=run.findings or [], planned=run.planned or [],
        changes=[change_out(event, names) for event in events],
    )  # fmt: skip


def change_out(event: AuditEvent, names: Names) -> RunChangeOut:
    return RunChangeOut(
        target_type=event.target_type, target_id=event.target_id, label=event.target_label, field=event.field,
        op=event.op, before=event.before, after=event.after,
        before_shown=names.get(_key(event, event.before)), after_shown=names.get(_key(event, event.after)),
        before_picture=names.get(_picture_key(event, event.before)),
        after_picture=names.get(_picture_key(event, event.after)),
        at=event.at, undone=event.undone_by is not None,
    )  # fmt: skip


def explained(session: Session, shop_id: str, found: Sequence[tuple[AuditEvent, Run]]) -> list[ExplainedOut]:
    """Each change with its run, and of the run's findings those about the same thing."""
    names = names_in(session, shop_id, [event for event, _ in found])
    runs = {run.id: run for _, run in found}
    outs = {out.id: out for out in runs_out(session, shop_id, list(runs.values()))}
    return [
        ExplainedOut(
            **change_out(event, names).model_dump(), run=outs[run.id],
            findings=[f for f in run.findings or [] if f["target_id"] == event.target_id],
        )
        for event, run in found
    ]  # fmt: skip


def names_in(session: Session, shop_id: str, events: Iterable[AuditEvent]) -> Names:
    """Names of the products that came to or left a place of the main page, and listings' pictures and pages in words."""
    events = list(events)
    ids = {value for e in events if e.field == "product_id" for value in (e.before, e.after) if value}
    rows = session.execute(select(Product.id, Product.name).where(Product.shop_id == shop_id, Product.id.in_(ids)))
    names = dict(rows.tuples().all())
    for event in events:
        for value in (event.before, event.after) if _on_listing(event) else ():
            if said := listings.shown(session, shop_id, event.target_id, event.field, value):
                names[_key(event, value)] = said
            if event.field == "image" and (picture := listings.picture_of(session, shop_id, event.target_id, value)):
                names[_picture_key(event, value)] = picture
    return names


def _on_listing(event: AuditEvent) -> bool:
    return event.target_type == "listing" and event.field in listings.SHOWN


def _key(event: AuditEvent, value: Any) -> str:
    return f"{event.target_id}.{event.field} {value}" if _on_listing(event) else str(value)


def _picture_key(event: AuditEvent, value: Any) -> str:
    return f"picture {_key(event, value)}"


def switch_out(switch: OffSwitch) -> OffSwitchOut:
    return OffSwitchOut.model_validate(switches.described(switch))

"""Work requests as they go over the wire."""

from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.work_requests.catalogue import catalogue
from backend.work_requests.fields import shown
from backend.work_requests.models import WorkRequest
from backend.work_requests.schemas import (
    CommentOut,
    FieldOut,
    FilledFieldOut,
    StepOut,
    WorkRequestDetail,
    WorkRequestOut,
    WorkTypeOut,
)
from backend.work_requests.service import comments_of, history_of
from backend.work_requests.states import WITHDRAWABLE, RequestState


def types_out() -> list[WorkTypeOut]:
    return [
        WorkTypeOut(
            type=key, needs=list(work.needs), business_days=work.days,
            fields=[
                FieldOut(
                    key=name, kind=spec.kind, required=spec.required, max=spec.max, min=spec.min,
                    choices=list(spec.choices),
                )
                for name, spec in work.fields.items()
            ],
        )
        for key, work in catalogue().types.items()
    ]  # fmt: skip


def request_out(session: Session, request: WorkRequest) -> WorkRequestOut:
    work = catalogue().types.get(request.type)
    specs = work.fields if work else {}
    fields = [
        FilledFieldOut(key=key, value=value, shown=shown(session, request.shop_id, specs.get(key), value))
        for key, value in request.fields.items()
    ]
    return WorkRequestOut(
        id=request.id, number=request.number, type=request.type, state=request.state,
        state_reason=request.state_reason, requested_by=request.requested_by, created_at=request.created_at,
        fields=fields,
    )  # fmt: skip


def request_detail(session: Session, request: WorkRequest) -> WorkRequestDetail:
    return WorkRequestDetail(
        **request_out(session, request).model_dump(),
        history=[_step(event) for event in history_of(session, request)],
        comments=[CommentOut.model_validate(comment) for comment in comments_of(session, request)],
        possible=["withdraw"] if request.state in WITHDRAWABLE else [],
    )


def _step(event: AuditEvent) -> StepOut:
    filed = event.op == "create"
    return StepOut(
        at=event.at, state=RequestState.SUBMITTED.value if filed else event.after,
        before=None if filed else event.before, by=event.actor_name, by_kind=event.actor_kind, reason=event.reason,
    )  # fmt: skip

"""Work requests of a shop, what was said about them, and how each came to where it is."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, ActorKind
from backend.access.permissions import Permission
from backend.audit.models import AuditEvent
from backend.errors import NotFound
from backend.kit import clock
from backend.kit.ids import new_id
from backend.work_requests.models import WorkRequest, WorkRequestComment
from backend.work_requests.states import OPEN_STATES, RequestState

HIGHEST_NUMBER = 2**31 - 1


def request_numbered(session: Session, shop_id: str, number: int) -> WorkRequest:
    """Raises NotFound `request_not_found`; numbers count in each shop, so another shop's is never met."""
    request = session.scalars(
        select(WorkRequest).where(WorkRequest.shop_id == shop_id, WorkRequest.number == number)
    ).one_or_none()
    if request is None:
        raise NotFound("no such request in this shop", code="request_not_found", number=number)
    return request


def requests_of(session: Session, shop_id: str, state: RequestState | None = None) -> list[WorkRequest]:
    """Newest first."""
    query = select(WorkRequest).where(WorkRequest.shop_id == shop_id).order_by(WorkRequest.number.desc())
    if state is not None:
        query = query.where(WorkRequest.state == state)
    return list(session.scalars(query))


def queue(session: Session, states: Collection[RequestState] = OPEN_STATES, limit: int = 200) -> list[WorkRequest]:
    """Every shop's requests in the order they came in, for the operations team: requests are handled in sequence."""
    query = select(WorkRequest).where(WorkRequest.state.in_(states)).order_by(WorkRequest.created_at, WorkRequest.id)
    return list(session.scalars(query.limit(limit)))


def comments_of(session: Session, request: WorkRequest) -> list[WorkRequestComment]:
    query = (
        select(WorkRequestComment)
        .where(WorkRequestComment.request_id == request.id)
        .order_by(WorkRequestComment.created_at, WorkRequestComment.id)
    )
    return list(session.scalars(query))


def add_comment(session: Session, actor: Actor, request: WorkRequest, text: str) -> WorkRequestComment:
    """The merchant's people and ours may comment in any state: a finished request may still be asked about."""
    actor.require(Permission.WORK_REQUESTS_CREATE)
    comment = WorkRequestComment(
        id=new_id("wrc"), shop_id=request.shop_id, request_id=request.id, author=actor.name,
        author_kind=actor.kind.value, text=text.strip(), created_at=clock.now(),
    )  # fmt: skip
    session.add(comment)
    session.flush()
    return comment


def awaiting_merchant(session: Session, shop_id: str) -> list[WorkRequest]:
    """Open requests in which our people had the last word: a question, or news, that the merchant may answer."""
    latest = (
        select(WorkRequestComment.request_id, func.max(WorkRequestComment.id).label("id"))
        .where(WorkRequestComment.shop_id == shop_id)
        .group_by(WorkRequestComment.request_id)
        .subquery()
    )
    query = (
        select(WorkRequest)
        .join(latest, latest.c.request_id == WorkRequest.id)
        .join(WorkRequestComment, WorkRequestComment.id == latest.c.id)
        .where(WorkRequest.shop_id == shop_id, WorkRequest.state.in_(OPEN_STATES))
        .where(WorkRequestComment.author_kind != ActorKind.MEMBER.value)
        .order_by(WorkRequest.number)
    )
    return list(session.scalars(query))


def history_of(session: Session, request: WorkRequest) -> list[AuditEvent]:
    """Its filing and every step since, oldest first."""
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.shop_id == request.shop_id, AuditEvent.target_type == "work_request",
            AuditEvent.target_id == request.id, AuditEvent.field.in_(["*", "state"]),
        )
        .order_by(AuditEvent.id)
    )  # fmt: skip
    return list(session.scalars(query))

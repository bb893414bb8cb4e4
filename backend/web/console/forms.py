"""The console's forms: what a staff person does with a conversation or a work request."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from backend.access.actor import staff_actor
from backend.conversations import takeover
from backend.db.dependencies import WriteSession
from backend.errors import InvalidInput, NotFound
from backend.kit import clock
from backend.kit.wording import wording
from backend.operations.schedule import at_hour
from backend.web.console.route import ConsoleRoute
from backend.web.console.signed_in import SignedIn
from backend.web.pages import is_fragment, render
from backend.web.same_origin import FromOurPage
from backend.work_requests.advance import advance
from backend.work_requests.models import WorkRequest
from backend.work_requests.service import add_comment
from backend.work_requests.states import RequestState

router = APIRouter(include_in_schema=False, route_class=ConsoleRoute)
Text = Annotated[str, Form(max_length=8000)]
REPLY_MAX, COMMENT_MAX, REASON_MAX = 4000, 2000, 500
MORNING = 9


def _done(request: Request, back: str, sentence: str | None = None, **said: Any) -> Response:
    """htmx looks at the page's parts again; a browser without scripts goes back to the page."""
    if not is_fragment(request):
        return RedirectResponse(back, 303)
    if sentence is None:
        return Response(status_code=204, headers={"HX-Trigger": "refresh"})
    answer = render(request, "notice.html", text=wording().say(f"page_done.{sentence}", **said), tone="ok")
    answer.headers["HX-Trigger"] = "refresh"
    return answer


def _written(text: str, limit: int) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput("nothing was written", code="text_empty")
    if len(text) > limit:
        raise InvalidInput("too long", code="text_too_long", max=limit)
    return text


def _page(conversation_id: str) -> str:
    return f"/console/conversations/{conversation_id}"


@router.post("/conversations/{conversation_id}/claim")
def claim(
    conversation_id: str, staff: SignedIn, request: Request, session: WriteSession, _: FromOurPage, take_from: Text = ""
) -> Response:
    takeover.claim(session, staff, conversation_id, take_from or None)
    return _done(request, _page(conversation_id), "claimed")


@router.post("/conversations/{conversation_id}/reply")
def reply(
    conversation_id: str, staff: SignedIn, request: Request, session: WriteSession, text: Text, _: FromOurPage,
    client_id: Annotated[str, Form(pattern=r"^[A-Za-z0-9_.:-]{0,64}$")] = "",
) -> Response:  # fmt: skip
    """`client_id` makes a form that was sent twice one message."""
    takeover.reply(session, staff, conversation_id, _written(text, REPLY_MAX), client_id or None)
    return _done(request, _page(conversation_id))


@router.post("/conversations/{conversation_id}/typing")
def typing(conversation_id: str, staff: SignedIn, session: WriteSession, _: FromOurPage) -> Response:
    takeover.show_typing(session, staff, conversation_id)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/give-back")
def give_back(
    conversation_id: str, staff: SignedIn, request: Request, session: WriteSession, _: FromOurPage
) -> Response:
    takeover.give_back(session, staff, conversation_id)
    return _done(request, _page(conversation_id), "given_back")


@router.post("/conversations/{conversation_id}/resolve")
def resolve(conversation_id: str, staff: SignedIn, request: Request, session: WriteSession, _: FromOurPage) -> Response:
    takeover.resolve(session, staff, conversation_id)
    return _done(request, _page(conversation_id), "resolved")


@router.post("/conversations/{conversation_id}/snooze")
def snooze(
    conversation_id: str, staff: SignedIn, request: Request, session: WriteSession, _: FromOurPage,
    until: Annotated[Literal["hour", "morning", "answer"], Form()] = "answer",
) -> Response:  # fmt: skip
    """For an hour, until tomorrow morning, or until the merchant writes."""
    ends = {
        "hour": clock.now() + timedelta(hours=1),
        "morning": at_hour(clock.today() + timedelta(days=1), MORNING),
    }.get(until)
    takeover.snooze(session, staff, conversation_id, ends)
    return _done(request, _page(conversation_id), "snoozed")


@router.post("/requests/{request_id}/advance")
def advance_request(
    request_id: str, staff: SignedIn, request: Request, session: WriteSession, state: Annotated[RequestState, Form()],
    _: FromOurPage, reason: Annotated[str, Form(max_length=REASON_MAX)] = "",
) -> Response:  # fmt: skip
    row = _request(session, request_id)
    moved = advance(session, staff_actor(staff, row.shop_id), row.id, state, reason)
    return _done(request, "/console/requests", "advanced", number=moved.number, state=state.value)


@router.post("/requests/{request_id}/comments")
def comment(
    request_id: str, staff: SignedIn, request: Request, session: WriteSession, text: Text, _: FromOurPage
) -> Response:
    row = _request(session, request_id)
    add_comment(session, staff_actor(staff, row.shop_id), row, _written(text, COMMENT_MAX))
    return _done(request, "/console/requests", "commented")


def _request(session: WriteSession, request_id: str) -> WorkRequest:
    row = session.get(WorkRequest, request_id)
    if row is None:
        raise NotFound("no such request")
    return row

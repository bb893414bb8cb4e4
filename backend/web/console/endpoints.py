"""The console of our own people: /console."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from backend.access.dependencies import STAFF_COOKIE
from backend.conversations.schemas import SEQ_MAX
from backend.db.dependencies import ReadSession
from backend.desk.sign_in import sign_in
from backend.errors import TooMany, Unauthenticated
from backend.web.console import forms
from backend.web.console.desk_pages import View, conversation_page, queue_page, requests_page
from backend.web.console.route import ConsoleRoute
from backend.web.console.signed_in import SignedIn, keep_signed_in
from backend.web.pages import render, sentence
from backend.web.same_origin import FromOurPage

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsoleRoute)


@router.get("/login")
def login_page(request: Request) -> Response:
    return render(request, "console/login.html", problem=None, login="")


@router.post("/login")
def log_in(
    request: Request, session: ReadSession, login: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=200)], _: FromOurPage,
) -> Response:  # fmt: skip
    try:
        _staff, token = sign_in(session, login.strip(), password)
    except (Unauthenticated, TooMany) as error:
        return render(request, "console/login.html", error.status, problem=sentence(error), login=login)
    return keep_signed_in(RedirectResponse("/console", 303), token)


@router.post("/logout")
def log_out(_: FromOurPage) -> Response:
    answer = RedirectResponse("/console/login", 303)
    answer.delete_cookie(STAFF_COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("")
def conversations(staff: SignedIn, request: Request, session: ReadSession, view: View = View.WAITING) -> Response:
    found = queue_page(session, staff, view)
    return render(request, "console/queue.html", staff=staff, page="queue", view=view, queue=found)


@router.get("/conversations/{conversation_id}")
def conversation(
    conversation_id: str, staff: SignedIn, request: Request, session: ReadSession,
    part: Annotated[str, Query(pattern="^(thread|side)?$")] = "",
    before: Annotated[int | None, Query(ge=1, le=SEQ_MAX)] = None,
) -> Response:  # fmt: skip
    """With `part` only that part, for its polling."""
    found = conversation_page(session, conversation_id, before)
    template = f"console/{part}.html" if part else "console/conversation.html"
    return render(
        request, template, staff=staff, page="queue", found=found, conversation=found.conversation, before=before
    )


@router.get("/requests")
def work_requests(staff: SignedIn, request: Request, session: ReadSession, closed: bool = False) -> Response:
    rows = requests_page(session, closed)
    return render(request, "console/requests.html", staff=staff, page="requests", rows=rows, closed=closed)


router.include_router(forms.router)

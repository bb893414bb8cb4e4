"""The page where a stock file is handed in, opened by a signed link from the conversation; the yes is given there again.

The link is one member's, for half an hour, and can do nothing but check a file: what comes of it is told in the thread.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import Actor, member_actor
from backend.access.permissions import Permission
from backend.conversations.messages import append
from backend.conversations.models import Author, Conversation
from backend.conversations.wording import say
from backend.db.dependencies import ReadSession, WriteSession
from backend.documents.kinds import XLSX
from backend.documents.links import claims_of, link_to
from backend.errors import Forbidden, NotFound, OpsTalkError
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet.columns import ImportKind, title_of
from backend.inventory.spreadsheet.documents import (
    ResultsParams,
    TemplateParams,
    results_name,
    say_error,
    template_name,
)
from backend.inventory.spreadsheet.handing_in import hand_in
from backend.inventory.spreadsheet.reading import LARGEST
from backend.kit import clock
from backend.kit.wording import wording
from backend.shops.models import Member
from backend.web.pages import LinkedPageRoute, render, sentence, unnamed

CLICKED_FOR = timedelta(minutes=30)
SHOWN = 20


class PageLink(BaseModel):
    """`path` is a path on this server."""

    path: str
    valid_until: datetime


def page_link(actor: Actor) -> PageLink:
    if actor.conversation_id is None:
        raise Forbidden("out of a conversation only", permission=Permission.CHAT_WRITE.value)
    token = tokens.issue("stock_file", actor.id, CLICKED_FOR, conversation=actor.conversation_id)
    return PageLink(path=f"/stock-files/{token}", valid_until=clock.now() + CLICKED_FOR)


class FileRoute(LinkedPageRoute):
    title = "stock_file.title"


router = APIRouter(prefix="/stock-files", include_in_schema=False, route_class=FileRoute)


@router.get("/{token}")
def open_page(token: str, request: Request, session: ReadSession) -> Response:
    return _page(request, token, _opened_by(session, token))


@router.post("/{token}")
def take_file(
    token: str,
    request: Request,
    session: WriteSession,
    kind: Annotated[ImportKind, Form()],
    file: Annotated[UploadFile, File()],
) -> Response:
    """A file that cannot be taken is explained on the page, and nothing is kept of it."""
    actor = _opened_by(session, token)
    actor.require(Permission.STOCK_MOVE)
    body = file.file.read(LARGEST + 1)
    try:
        with session.begin_nested():
            taken = hand_in(session, actor, kind, file.filename or "", body)
            if taken.applied_at is None:
                _tell(session, actor, taken)
    except OpsTalkError as refused:
        return _page(request, token, actor, kind=kind, problem=sentence(refused))
    return _page(request, token, actor, kind=kind, taken=taken)


def _opened_by(session: Session, token: str) -> Actor:
    """Raises Unauthenticated `document_link_expired`, NotFound `document_link_unknown`."""
    claims = claims_of("stock_file", token)
    member = session.get(Member, claims["sub"])
    if member is None:
        raise NotFound("no such link", code="document_link_unknown")
    return member_actor(member, str(claims.get("conversation")))


def _tell(session: Session, actor: Actor, taken: StockImport) -> None:
    """In the thread of whoever handed it in: what it says, and the button that previews it."""
    conversation = session.get(Conversation, actor.conversation_id)
    if conversation is None or conversation.shop_id != actor.shop_id:
        raise NotFound("no such conversation")
    said = wording()
    text = said.say("stock.file_checked", file=taken.file_name, good=taken.good, bad=taken.bad)
    given = json.dumps({"import_id": taken.id}, separators=(",", ":"))
    buttons = [{"title": said.say("button.stock_apply_file"), "payload": f"/stock_adjust{given}"}]
    blocks: list[dict[str, Any]] = [{"type": "text", "text": text}, {"type": "buttons", "buttons": buttons}]
    append(session, conversation, Author.BOT, text=text, blocks=blocks, author_name=say("names.bot"))


def _page(
    request: Request, token: str, actor: Actor, kind: ImportKind = ImportKind.RECEIVE, problem: str | None = None,
    taken: StockImport | None = None,
) -> Response:  # fmt: skip
    templates = [
        (each.value, title_of(each), link_to(actor.shop_id, "stock_template", TemplateParams(kind=each), template_name(each), XLSX).path)
        for each in ImportKind
    ]  # fmt: skip
    bad = [entry for entry in taken.rows if "error" in entry] if taken else []
    results = (
        link_to(
            actor.shop_id, "stock_import_results", ResultsParams(import_id=taken.id), results_name(taken), XLSX
        ).path
        if taken
        else None
    )
    answer = render(
        request, "inventory/file.html", 422 if problem else 200, token=token, kinds=templates, chosen=kind.value,
        problem=problem, taken=taken, results=results, errors=Counter(entry["error"] for entry in bad),
        bad=[(entry["row"], say_error(entry)) for entry in bad[:SHOWN]], more=max(0, len(bad) - SHOWN),
    )  # fmt: skip
    return unnamed(answer)

"""The menu of work requests, the shop's own requests, and comments on them; filing and withdrawing are plans."""

from typing import Annotated

from fastapi import APIRouter, Path

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession, WriteSession
from backend.work_requests.read import request_detail, request_out, types_out
from backend.work_requests.schemas import CommentIn, CommentOut, WorkRequestDetail, WorkRequestOut, WorkTypeOut
from backend.work_requests.service import HIGHEST_NUMBER, add_comment, request_numbered, requests_of
from backend.work_requests.states import RequestState

router = APIRouter(prefix="/work-requests", tags=["work requests"], route_class=InOneStep)
Number = Annotated[int, Path(ge=1, le=HIGHEST_NUMBER)]


@router.get("/catalog")
def read_catalogue(actor: MemberActor) -> list[WorkTypeOut]:
    actor.require(Permission.SHOP_READ)
    return types_out()


@router.get("")
def read_requests(actor: MemberActor, session: ReadSession, state: RequestState | None = None) -> list[WorkRequestOut]:
    actor.require(Permission.SHOP_READ)
    return [request_out(session, request) for request in requests_of(session, actor.shop_id, state)]


@router.get("/{number}")
def read_request(number: Number, actor: MemberActor, session: ReadSession) -> WorkRequestDetail:
    actor.require(Permission.SHOP_READ)
    return request_detail(session, request_numbered(session, actor.shop_id, number))


@router.post("/{number}/comments", status_code=201)
def comment_on_request(number: Number, body: CommentIn, actor: MemberActor, session: WriteSession) -> CommentOut:
    request = request_numbered(session, actor.shop_id, number)
    return CommentOut.model_validate(add_comment(session, actor, request, body.text))

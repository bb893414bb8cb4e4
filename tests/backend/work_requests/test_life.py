"""A work request's life: withdrawn by the merchant, advanced by the operations team, commented by both."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access.actor import Actor, staff_actor
from backend.desk.models import Staff
from backend.errors import Forbidden, IllegalMove, InvalidInput, NotFound, NothingToChange, OpsTalkError
from backend.plans import service as plans
from backend.work_requests.advance import advance
from backend.work_requests.models import WorkRequest
from backend.work_requests.read import request_detail
from backend.work_requests.service import add_comment, queue
from backend.work_requests.states import TRANSITIONS, RequestState
from tests.backend.work_requests.test_create import file

Client = Callable[[Actor | None], TestClient]
S = RequestState
ADVANCED = {
    (S.SUBMITTED, S.ACCEPTED), (S.SUBMITTED, S.REJECTED), (S.ACCEPTED, S.IN_PROGRESS), (S.ACCEPTED, S.REJECTED),
    (S.IN_PROGRESS, S.DONE), (S.IN_PROGRESS, S.REJECTED),
}  # fmt: skip


def withdraw(session: Session, actor: Actor, number: int | str, **more: str) -> None:
    plan = plans.preview(session, actor, "work_request.withdraw", {"number": number, **more})
    plans.confirm(session, actor, plan.id, "key")


def test_every_pair_of_states_is_a_step_or_refused_with_the_reason(
    session: Session, owner: Actor, operations_staff: Actor
) -> None:
    request = file(session, owner)
    for before in S:
        for to in S:
            request.state = before
            session.flush()
            if (before, to) in ADVANCED:
                assert advance(session, operations_staff, request.id, to, "사유").state is to
                continue
            with pytest.raises(IllegalMove) as refused:
                advance(session, operations_staff, request.id, to, "사유")
            closed = before in (S.DONE, S.REJECTED, S.WITHDRAWN)
            assert refused.value.error_code == ("request_closed" if closed else "request_step_not_possible")
            assert request.state is before


def test_the_table_holds_the_advances_the_withdrawals_and_their_undoing_only() -> None:
    withdrawals = {(S.SUBMITTED, S.WITHDRAWN), (S.ACCEPTED, S.WITHDRAWN)}
    undone = {(after, before) for before, after in withdrawals}
    assert {
        (before, after) for before, all_after in TRANSITIONS.items() for after in all_after
    } == ADVANCED | withdrawals | undone


@pytest.mark.parametrize("state", list(S))
def test_withdrawing_works_until_somebody_works_on_it(session: Session, owner: Actor, state: RequestState) -> None:
    request = file(session, owner)
    request.state = state
    session.flush()
    if state in (S.SUBMITTED, S.ACCEPTED):
        withdraw(session, owner, f"WR-{request.number}", reason="다시 생각해 볼게요")
        assert (request.state, request.state_reason) == (S.WITHDRAWN, "다시 생각해 볼게요")
        return
    with pytest.raises(NothingToChange if state is S.WITHDRAWN else IllegalMove) as refused:
        withdraw(session, owner, request.number)
    assert refused.value.error_code == ("already_withdrawn" if state is S.WITHDRAWN else "request_not_withdrawable")


def test_undoing_a_withdrawal_puts_it_back_in_its_state(
    session: Session, owner: Actor, operations_staff: Actor
) -> None:
    request = file(session, owner)
    advance(session, operations_staff, request.id, S.ACCEPTED)
    plan = plans.preview(session, owner, "work_request.withdraw", {"number": request.number})
    plans.confirm(session, owner, plan.id, "key")
    undo = plans.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    plans.confirm(session, owner, undo.id, "key")
    assert request.state is S.ACCEPTED


def test_a_rejection_names_its_reason(session: Session, owner: Actor, operations_staff: Actor) -> None:
    request = file(session, owner)
    with pytest.raises(InvalidInput) as refused:
        advance(session, operations_staff, request.id, S.REJECTED, "  ")
    assert refused.value.error_code == "reject_reason_required"
    advance(session, operations_staff, request.id, S.REJECTED, "상품 사진이 없어요")
    assert request.state_reason == "상품 사진이 없어요"


def test_only_the_operations_team_advances(session: Session, owner: Actor, sub_operator: Actor, agent: Actor) -> None:
    request = file(session, owner)
    for actor in (owner, sub_operator, agent):
        with pytest.raises(Forbidden):
            advance(session, actor, request.id, S.ACCEPTED)


def test_a_sub_operator_may_file_and_withdraw_like_the_owner(
    session: Session, owner: Actor, sub_operator: Actor
) -> None:
    request = file(session, owner)
    withdraw(session, sub_operator, request.number)
    assert request.state is S.WITHDRAWN


def test_staff_acting_for_another_shop_does_not_find_it(session: Session, owner: Actor) -> None:
    request = file(session, owner)
    elsewhere = staff_actor(session.get_one(Staff, "stf_ops"), "shop_other")
    with pytest.raises(NotFound) as refused:
        advance(session, elsewhere, request.id, S.ACCEPTED)
    assert refused.value.error_code == "request_not_found"


def test_the_history_tells_who_did_what_and_why(session: Session, owner: Actor, operations_staff: Actor) -> None:
    request = file(session, owner)
    advance(session, operations_staff, request.id, S.ACCEPTED)
    advance(session, operations_staff, request.id, S.REJECTED, "중복 상품이에요")
    add_comment(session, owner, request, "다른 상품이에요")
    detail = request_detail(session, request)
    assert [(step.before, step.state, step.by, step.by_kind, step.reason) for step in detail.history] == [
        (None, "submitted", "oneul owner", "member", None),
        ("submitted", "accepted", "PRO 운영팀", "operations", None),
        ("accepted", "rejected", "PRO 운영팀", "operations", "중복 상품이에요"),
    ]
    assert [(comment.author, comment.author_kind, comment.text) for comment in detail.comments] == [
        ("oneul owner", "member", "다른 상품이에요")
    ]
    assert detail.possible == []


def test_the_queue_holds_open_requests_of_every_shop_in_order(
    session: Session, owner: Actor, stranger: Actor, operations_staff: Actor
) -> None:
    first, second, third = file(session, owner), file(session, stranger), file(session, owner)
    advance(session, operations_staff, first.id, S.REJECTED, "중복")
    assert [request.id for request in queue(session)] == [second.id, third.id]


def test_the_api_serves_the_callers_requests_and_comments(
    client: Client, session: Session, owner: Actor, sub_operator: Actor, stranger: Actor
) -> None:
    file(session, owner)
    session.commit()
    assert (
        client(sub_operator).post("/api/work-requests/1/comments", json={"text": " 언제 되나요? "}).status_code == 201
    )
    detail = client(owner).get("/api/work-requests/1").json()
    assert [comment["text"] for comment in detail["comments"]] == ["언제 되나요?"]
    assert detail["possible"] == ["withdraw"]
    assert detail["fields"][0] == {"key": "name", "value": "캐시미어 가디건", "shown": "캐시미어 가디건"}
    assert [row["number"] for row in client(owner).get("/api/work-requests", params={"state": "submitted"}).json()] == [
        1
    ]
    assert client(owner).get("/api/work-requests", params={"state": "done"}).json() == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/api/work-requests/1", None), ("POST", "/api/work-requests/1/comments", {"text": "안녕"})],
)
def test_a_strangers_request_does_not_exist(
    client: Client, session: Session, owner: Actor, stranger: Actor, method: str, path: str, body: dict[str, str] | None
) -> None:
    file(session, owner)
    session.commit()
    answer = client(stranger).request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "request_not_found")


def test_a_stranger_cannot_withdraw_it(session: Session, owner: Actor, stranger: Actor) -> None:
    file(session, owner)
    with pytest.raises(NotFound):
        withdraw(session, stranger, 1)


@pytest.mark.parametrize("number", ["WR", "열두번", 0, 2**40, "-3.5"])
def test_a_number_that_is_none_is_refused(session: Session, owner: Actor, number: object) -> None:
    with pytest.raises(OpsTalkError) as refused:
        plans.preview(session, owner, "work_request.withdraw", {"number": number})
    assert refused.value.error_code == "invalid_input"


def test_a_request_keeps_one_row(session: Session, owner: Actor) -> None:
    request = file(session, owner)
    withdraw(session, owner, request.number)
    assert session.query(WorkRequest).count() == 1

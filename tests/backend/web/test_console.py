"""The console: only for our own people, only from its own pages, and it really answers the merchant."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.dependencies import STAFF_COOKIE
from backend.audit.models import AuditEvent
from backend.conversations.models import Author, ConversationState, Message
from backend.shops.models import Shop
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import RequestState
from tests.backend.plans.whole_state import State
from tests.backend.web.conftest import PASSWORD, anew, conversation_of_owner

StaffBrowser = Callable[[str], TestClient]
FORMS = ("claim", "reply", "typing", "give-back", "resolve", "snooze")


@pytest.mark.parametrize("page", ["", "?view=all", "/conversations/cnv_x", "/requests"])
def test_every_page_needs_a_login(browser: TestClient, mall: Shop, page: str) -> None:
    answer = browser.get(f"/console{page}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


def test_a_poll_without_login_leads_the_page_to_the_login(browser: TestClient, mall: Shop) -> None:
    answer = browser.get("/console", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/console/login"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_needs_a_login(browser: TestClient, waiting: str, session: Session, form: str) -> None:
    answer = browser.post(f"/console/conversations/{waiting}/{form}", data={"text": "안녕하세요"})
    assert answer.headers["location"] == "/console/login"
    assert conversation_of_owner(session, waiting).assignee_id is None


def test_a_members_token_is_no_staff_cookie(browser: TestClient, waiting: str) -> None:
    identity = browser.get("/demo/oneul/identity").json()["identity"]
    token = browser.post("/chat/sessions", json={"identity": identity}).json()["token"]
    browser.cookies.set(STAFF_COOKIE, token)
    assert browser.get("/console").headers["location"] == "/console/login"


def test_a_wrong_password_is_said_without_telling_which_was_wrong(
    staff_browser: StaffBrowser, browser: TestClient
) -> None:
    for login in ("agent", "nobody"):
        answer = browser.post("/console/login", data={"login": login, "password": "wrong"})
        assert answer.status_code == 401
        assert "아이디나 비밀번호가 맞지 않아요" in answer.text


def test_the_cookie_is_kept_from_scripts_and_other_sites(staff_browser: StaffBrowser, browser: TestClient) -> None:
    answer = browser.post("/console/login", data={"login": "agent", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_logging_out_ends_it(staff_browser: StaffBrowser) -> None:
    page = staff_browser("agent")
    assert page.get("/console").status_code == 200
    page.post("/console/logout")
    assert page.get("/console").status_code == 303


def test_the_queue_shows_who_waits_for_how_long_and_for_what(staff_browser: StaffBrowser, waiting: str) -> None:
    page = staff_browser("agent").get("/console").text
    assert "oneul 상점" in page
    assert "기다림" in page
    assert "상담원과 이야기할래요" in page
    assert f"/console/conversations/{waiting}" in page
    assert "맡은 상담이 없어요" in staff_browser("agent").get("/console?view=mine").text


def test_the_conversation_shows_blocks_and_the_shops_facts(staff_browser: StaffBrowser, waiting: str) -> None:
    page = staff_browser("agent").get(f"/console/conversations/{waiting}").text
    assert "쿠폰 &lt;b&gt;왜&lt;/b&gt; 멈췄나요" in page
    assert "<strong>중지</strong>했어요" in page
    for fact in ("첫 구매 쿠폰", "발급 중지", "스마트스토어 검색 최적화", "WR-1", "인증 만료", "프로모션 쿠폰"):
        assert fact in page


def test_an_unknown_conversation_is_404(staff_browser: StaffBrowser, mall: Shop) -> None:
    assert staff_browser("agent").get("/console/conversations/cnv_none").status_code == 404
    assert staff_browser("agent").post("/console/conversations/cnv_none/claim").status_code == 404


def test_looking_changes_nothing(staff_browser: StaffBrowser, waiting: str, database_copy: Callable[[], State]) -> None:
    page = staff_browser("agent")
    before = database_copy()
    for path in ("", "?view=mine", "?view=all", f"/conversations/{waiting}", f"/conversations/{waiting}?part=thread",
                 f"/conversations/{waiting}?part=side", "/requests", "/requests?closed=true"):  # fmt: skip
        assert page.get(f"/console{path}").status_code == 200
    for form in FORMS:
        assert page.get(f"/console/conversations/{waiting}/{form}").status_code in (404, 405)
    assert database_copy() == before


def test_claim_answer_and_give_back(staff_browser: StaffBrowser, waiting: str, session: Session) -> None:
    page, path = staff_browser("agent"), f"/console/conversations/{waiting}"
    assert page.post(f"{path}/claim").status_code == 303
    assert page.post(f"{path}/reply", data={"text": "제가 볼게요", "client_id": "c-1"}).status_code == 303
    page.post(f"{path}/reply", data={"text": "제가 볼게요", "client_id": "c-1"})
    said = (
        anew(session)
        .scalars(select(Message).where(Message.conversation_id == waiting, Message.author == Author.AGENT))
        .all()
    )
    assert [message.text for message in said] == ["제가 볼게요"]
    assert "제가 볼게요" in page.get(f"{path}?part=thread").text
    assert "챗봇에게 돌려주기" in page.get(f"{path}?part=side").text
    page.post(f"{path}/give-back")
    assert conversation_of_owner(session, waiting).state is ConversationState.PENDING


@pytest.mark.parametrize(
    ("form", "data", "state"),
    [
        ("resolve", {}, ConversationState.RESOLVED),
        ("snooze", {"until": "hour"}, ConversationState.SNOOZED),
        ("snooze", {"until": "answer"}, ConversationState.SNOOZED),
    ],
)
def test_finish_or_put_off(
    staff_browser: StaffBrowser,
    waiting: str,
    session: Session,
    form: str,
    data: dict[str, str],
    state: ConversationState,
) -> None:
    page, path = staff_browser("agent"), f"/console/conversations/{waiting}"
    page.post(f"{path}/claim")
    page.post(f"{path}/{form}", data=data)
    found = conversation_of_owner(session, waiting)
    assert found.state is state
    assert (found.snoozed_until is not None) is (data.get("until") == "hour")


def test_whoever_did_not_claim_cannot_answer(staff_browser: StaffBrowser, waiting: str, session: Session) -> None:
    staff_browser("agent").post(f"/console/conversations/{waiting}/claim")
    refused = staff_browser("ops").post(f"/console/conversations/{waiting}/reply", data={"text": "끼어들기"})
    assert refused.status_code == 409
    assert "이미 맡은 상담이에요" in refused.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_another_sites_form_is_refused(
    staff_browser: StaffBrowser, waiting: str, session: Session, origin: str
) -> None:
    page = staff_browser("agent")
    for path in (*(f"/console/conversations/{waiting}/{form}" for form in FORMS), "/console/logout"):
        refused = page.post(path, headers={"origin": origin}, data={"text": "x"})
        assert refused.status_code == 403, path
    assert conversation_of_owner(session, waiting).assignee_id is None
    login = page.post("/console/login", headers={"origin": origin}, data={"login": "agent", "password": PASSWORD})
    assert login.status_code == 403


def test_operations_staff_take_a_request_to_its_end(staff_browser: StaffBrowser, mall: Shop, session: Session) -> None:
    page = staff_browser("ops")
    assert "WR-1" in page.get("/console/requests").text
    for state in ("accepted", "in_progress", "done"):
        assert page.post("/console/requests/wrq_1/advance", data={"state": state}).status_code == 303
    assert anew(session).get_one(WorkRequest, "wrq_1").state is RequestState.DONE
    steps = (
        anew(session).scalars(select(AuditEvent).where(AuditEvent.target_id == "wrq_1").order_by(AuditEvent.id)).all()
    )
    assert [(step.actor_id, step.after) for step in steps] == [
        ("stf_ops", s) for s in ("accepted", "in_progress", "done")
    ]
    assert "WR-1" in page.get("/console/requests?closed=true").text


def test_a_rejection_needs_its_reason(staff_browser: StaffBrowser, mall: Shop, session: Session) -> None:
    page = staff_browser("ops")
    refused = page.post("/console/requests/wrq_1/advance", data={"state": "rejected"})
    assert refused.status_code == 422
    assert "이유를 함께" in refused.text
    page.post("/console/requests/wrq_1/advance", data={"state": "rejected", "reason": "자료가 없어요"})
    assert anew(session).get_one(WorkRequest, "wrq_1").state_reason == "자료가 없어요"


def test_an_agent_may_comment_but_not_advance(staff_browser: StaffBrowser, mall: Shop, session: Session) -> None:
    page = staff_browser("agent")
    assert not re.search(r"/advance", page.get("/console/requests").text)
    refused = page.post("/console/requests/wrq_1/advance", data={"state": "accepted"})
    assert refused.status_code == 403
    assert "PRO 운영팀만" in refused.text
    page.post("/console/requests/wrq_1/comments", data={"text": "고객이 기다려요"})
    assert "고객이 기다려요" in page.get("/console/requests").text
    assert anew(session).get_one(WorkRequest, "wrq_1").state is RequestState.SUBMITTED

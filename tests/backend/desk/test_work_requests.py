"""The operations team's side of work requests."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.shops.models import Shop
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import RequestState

Client = Callable[[Actor | None], TestClient]


def filed(shop: Shop, number: int) -> str:
    with unit_of_work() as session:
        request = WorkRequest(
            id=f"wrq_{shop.mall_id}_{number}", shop_id=shop.id, number=number, type="category_tidy",
            fields={"content": "분류 정리"}, state=RequestState.SUBMITTED, requested_by="oneul owner",
            requested_by_id="mem_oneul_owner", created_at=clock.now(),
        )  # fmt: skip
        session.add(request)
        return request.id


def test_operations_staff_see_and_advance_requests(client: Client, operations_staff: Actor, shop: Shop) -> None:
    request_id = filed(shop, 1)
    desk = client(operations_staff)
    (listed,) = desk.get("/desk/work-requests").json()
    assert (listed["number"], listed["shop"]["mall_id"], listed["possible"]) == (1, "oneul", ["accepted", "rejected"])
    advanced = desk.post(f"/desk/work-requests/{request_id}/advance", json={"state": "accepted"})
    assert advanced.json()["state"] == "accepted"
    rejected = desk.post(f"/desk/work-requests/{request_id}/advance", json={"state": "rejected"})
    assert (rejected.status_code, rejected.json()["code"]) == (422, "reject_reason_required")


def test_an_agent_sees_requests_but_does_not_advance_them(client: Client, agent: Actor, shop: Shop) -> None:
    request_id = filed(shop, 1)
    desk = client(agent)
    assert len(desk.get("/desk/work-requests").json()) == 1
    assert desk.post(f"/desk/work-requests/{request_id}/advance", json={"state": "accepted"}).status_code == 403


def test_an_unknown_request_is_404(client: Client, operations_staff: Actor) -> None:
    answer = client(operations_staff).post("/desk/work-requests/wrq_x/advance", json={"state": "accepted"})
    assert (answer.status_code, answer.json()["code"]) == (404, "request_not_found")


def test_a_gone_staff_person_is_signed_out(client: Client, session: Session) -> None:
    nobody = client(None)
    token = tokens.issue("staff", "stf_gone", tokens.SESSION_FOR)
    assert nobody.get("/desk/me", headers={"authorization": f"Bearer {token}"}).status_code == 401

"""In one's own shop: what needs which right, and the answer that names it."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import ROLE_PERMISSIONS
from backend.desk.models import StaffRole
from backend.plans import kinds
from backend.shops.models import Role
from tests.backend.plans.every_wish import RIGHTS
from tests.contract.routes import AS_FILE, NAMED, OWN_CONVERSATION, PLAN, WHOLE, ask
from tests.contract.seeded_shop import Served

#: what a member without any right may still do: know who they are, and talk in their own conversation
NEEDS_NO_RIGHT = {"GET /api/me"} | {route for route in OWN_CONVERSATION if route != "POST /chat/messages"}


@pytest.mark.parametrize(
    "route", sorted((NAMED.keys() | WHOLE.keys() | AS_FILE | {"POST /chat/messages"}) - NEEDS_NO_RIGHT)
)
def test_without_the_right_the_answer_names_it(
    route: str, http: TestClient, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.SUB_OPERATOR, frozenset())
    key = NAMED.get(route)
    value = shop.ids["oneul"][key] if key else "brand_info"
    given = {"json": {"client_id": "c", "text": "x"}} if route.startswith("POST") else {"params": {"text": "x"}}
    refused = ask(http, route, shop.session_token("oneul", "sub"), value, **given)
    assert refused.status_code == 403, refused.text
    assert refused.json()["permission"] == {
        "POST /api/work-requests/{number}/comments": "work_requests:create", "POST /chat/messages": "chat:write",
        "POST /api/inventory/imports": "stock:move", "GET /api/inventory/imports/page": "stock:move",
    }.get(route, "shop:read")  # fmt: skip


@pytest.mark.parametrize(("kind", "params", "permission"), [
    ("ops.off", {"area": "promotion_crm"}, "operations:switch_all"),
    ("ops.off", {"market": "coupang"}, "operations:switch_all"),
    ("ops.off", {"everything": True}, "operations:switch_all"),
    ("ops.on", {"everything": True}, "operations:switch_all"),
    ("setup.complete", {"item": "mail_sender", "value": "a@b.example"}, "setup:complete"),
])  # fmt: skip
def test_a_sub_operator_is_told_what_only_the_owner_may(
    kind: str, params: dict[str, Any], permission: str, http: TestClient, shop: Served
) -> None:
    refused = ask(http, PLAN, shop.session_token("oneul", "sub"), json={"kind": kind, "params": params})
    assert (refused.status_code, refused.json()["permission"]) == (403, permission)


def test_every_plan_kind_says_its_right() -> None:
    assert kinds.names() == RIGHTS.keys()


@pytest.mark.parametrize("kind", sorted(RIGHTS))
def test_every_plan_needs_a_right(kind: str, http: TestClient, shop: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    params, permission = RIGHTS[kind]
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.SUB_OPERATOR, frozenset())
    real = {
        name: shop.ids["oneul"].get(value, value) if isinstance(value, str) else value for name, value in params.items()
    }
    real |= {"source_type": "plan"} if kind == "undo" else {}
    refused = ask(http, PLAN, shop.session_token("oneul", "sub"), json={"kind": kind, "params": real})
    told = refused.json()
    assert (refused.status_code, told.get("permission", told["code"])) == (403, permission)


def test_an_agent_may_not_do_the_operations_teams_work(http: TestClient, shop: Served) -> None:
    route, request = "POST /desk/work-requests/{request_id}/advance", shop.ids["oneul"]["request"]
    refused = ask(http, route, shop.staff_token("stf_agent"), request, json={"state": "accepted"})
    assert (refused.status_code, refused.json()["permission"]) == (403, "work_requests:advance")


def test_staff_without_the_right_to_answer_may_not(
    http: TestClient, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, StaffRole.AGENT, frozenset())
    for step in ("claim", "reply", "typing", "give-back", "resolve", "snooze"):
        route = f"POST /desk/conversations/{{conversation_id}}/{step}"
        body = {"json": {"text": "x", "client_id": "c"}} if step == "reply" else {}
        refused = ask(http, route, shop.staff_token("stf_agent"), shop.ids["oneul"]["conversation"], **body)
        assert (refused.status_code, refused.json()["permission"]) == (403, "desk:answer")

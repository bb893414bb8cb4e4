"""Errors have one shape; pages of other origins reach the chat alone; files are asked about at every use."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.access.dependencies import STAFF_COOKIE
from backend.access.origins import WidgetOrigins
from backend.app import create_app
from backend.errors import PROBLEM, install_error_handlers
from backend.settings import ROOT, get_settings
from tests.contract.seeded_shop import Served, served

SHOP_PAGE = "https://shop.example"
LOOPBACK_PAGES = ("http://localhost:5500", "http://127.0.0.1:9999", "http://[::1]:80", "http://localhost")
STRANGE_PAGES = (
    "https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://evil.example:80",
    "https://shop.example.evil.example", "https://xshop.example", "http://shop.example", "https://shop.example:444", "null",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSTALK_WIDGET_ORIGINS", f'["{SHOP_PAGE}"]')
        with served(tmp_path_factory.mktemp("problems")) as made:
            yield made


@pytest.fixture
def http(shop: Served) -> TestClient:
    return TestClient(shop.app, raise_server_exceptions=False)


def check_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:opstalk:{code}")
    assert isinstance(body["title"], str)
    assert isinstance(body["detail"], str)
    return body


def test_every_kind_of_error_is_a_problem(http: TestClient, shop: Served) -> None:
    mine = {"Authorization": f"Bearer {shop.session_token()}"}
    check_problem(http.get("/api/nowhere"), 404, "not_found")
    check_problem(http.delete("/api/me"), 405, "method_not_allowed")
    refused = http.get("/api/me")
    check_problem(refused, 401, "unauthenticated")
    assert refused.headers["www-authenticate"] == "Bearer"
    check_problem(http.get("/api/plans/plan_none", headers=mine), 404, "not_found")
    check_problem(
        http.post("/api/plans", content=b"{", headers={**mine, "content-type": "application/json"}),
        422,
        "invalid_input",
    )
    check_problem(
        http.post("/api/plans", content=b'{"kind":"\xff"}', headers={**mine, "content-type": "application/json"}),
        400,
        "bad_request",
    )
    missing = check_problem(http.post("/api/plans", json={}, headers=mine), 422, "invalid_input")
    assert missing["fields"] == [{"field": "body.kind", "message": "Field required"}]
    wrong = check_problem(
        http.post("/api/plans", json={"kind": "display.pin", "params": {}}, headers=mine), 422, "invalid_input"
    )
    assert {f["field"] for f in wrong["fields"]} == {"product_id", "position"}
    check_problem(http.post("/api/plans", json={"kind": "no.such", "params": {}}, headers=mine), 422, "invalid_input")


@pytest.mark.parametrize("body", [
    r'{"kind": "\ud800", "params": {}}',
    r'{"kind": "coupon.stop", "params": {"coupon_id": "\ud800"}}',
    r'{"kind": "ops.off", "params": {"operation": "main_display", "reason": "\ud800"}}',
    r'{"kind": "ops.off", "params": {"operation": "\ud800"}}',
    r'{"kind": "setup.complete", "params": {"item": "brand_info", "value": {"\ud800": "x", "intro": "\ud800"}}}',
    r'{"kind": "work_request.create", "params": {"type": "category_tidy", "fields": {"\ud800": "x"}}}',
])  # fmt: skip
def test_half_a_character_is_the_callers_mistake(body: str, http: TestClient, shop: Served) -> None:
    headers = {"Authorization": f"Bearer {shop.session_token()}", "Content-Type": "application/json"}
    answer = http.post("/api/plans", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


@pytest.mark.parametrize("query", ["from=9999-12-31", "to=9999-12-31", "from=0001-01-01", "to=0001-01-01"])
@pytest.mark.parametrize(
    "path", ["/api/operations/runs", "/api/operations/explain", "/api/operations/schedule", "/api/coupons/costs"]
)
def test_a_day_of_another_age_is_the_callers_mistake(path: str, query: str, http: TestClient, shop: Served) -> None:
    answer = http.get(f"{path}?{query}", headers={"Authorization": f"Bearer {shop.session_token()}"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


def test_an_off_until_the_end_of_time_is_refused(http: TestClient, shop: Served) -> None:
    params = {"operation": "main_display", "until": "9999-12-31"}
    headers = {"Authorization": f"Bearer {shop.session_token()}"}
    check_problem(
        http.post("/api/plans", json={"kind": "ops.off", "params": params}, headers=headers), 422, "invalid_input"
    )


def test_too_often_names_the_wait(http: TestClient) -> None:
    for _ in range(6):
        answer = http.post("/desk/login", json={"login": "somebody else", "password": "wrong"})
    check_problem(answer, 429, "too_many_attempts")
    assert int(answer.headers["retry-after"]) == answer.json()["retry_after"] > 0


def test_an_unforeseen_error_tells_nothing_of_itself() -> None:
    app = FastAPI()
    install_error_handlers(app)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("a secret of the inside")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    check_problem(answer, 500, "internal")
    assert "secret" not in answer.text


def test_no_error_overwrites_its_own_status_or_code() -> None:
    """Data travels beside the fixed members; a datum named like one of them would replace it."""
    reserved, found = {"status", "title", "detail"}, []
    for path in sorted((ROOT / "backend").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                found += [(path.name, k.arg) for k in node.exc.keywords if k.arg in reserved]
    assert not found


JSON = "application/json"
OTHER_KINDS = {"/events": "text/event-stream", "}/page": "text/html", "}/pdf": "application/pdf"}


def test_the_description_promises_only_problems_for_errors() -> None:
    for path, methods in create_app().openapi()["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")) and path != "/ready":
                    assert set(answer["content"]) == {PROBLEM}, path
                elif status == "200":
                    expected = next((kind for end, kind in OTHER_KINDS.items() if path.endswith(end)), JSON)
                    assert set(answer["content"]) == {expected}, path


# pages of other origins


def preflight(
    http: TestClient, path: str, origin: str, method: str = "POST", asks: str = "authorization,content-type"
) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": asks}
    return http.options(path, headers=headers)


@pytest.mark.parametrize("origin", [SHOP_PAGE, *LOOPBACK_PAGES])
def test_the_widget_may_sit_on_a_named_or_a_loopback_page(origin: str, http: TestClient) -> None:
    allowed = preflight(http, "/chat/messages", origin)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == origin
    assert "access-control-allow-credentials" not in allowed.headers
    refused = http.post("/chat/sessions", json={"identity": "x"}, headers={"Origin": origin})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == origin, "the widget must be able to read why"
    assert preflight(http, "/chat/events", origin, "GET", "authorization,last-event-id").status_code == 200
    assert http.get("/static/widget.js", headers={"Origin": origin}).headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize("origin", STRANGE_PAGES)
def test_no_other_page_may_talk_to_the_chat(origin: str, http: TestClient) -> None:
    assert preflight(http, "/chat/messages", origin).status_code == 400
    answer = http.post("/chat/sessions", json={"identity": "x"}, headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/api/me", "/api/plans", "/desk/conversations", "/desk/login", "/demo/oneul/identity", "/console", "/docs"]
)
def test_beside_the_chat_nothing_answers_another_origin(path: str, http: TestClient) -> None:
    for origin in (SHOP_PAGE, LOOPBACK_PAGES[0]):
        assert "access-control-allow-origin" not in preflight(http, path, origin).headers
        assert (
            "access-control-allow-origin"
            not in http.get(path, headers={"Origin": origin}, follow_redirects=False).headers
        )


def test_without_named_pages_only_loopback_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTALK_WIDGET_ORIGINS", "[]")
    get_settings.cache_clear()
    app = FastAPI()
    app.add_middleware(WidgetOrigins)
    http = TestClient(app)
    assert preflight(http, "/chat/messages", SHOP_PAGE).status_code == 400
    assert preflight(http, "/chat/messages", LOOPBACK_PAGES[0]).status_code == 200
    get_settings.cache_clear()


def test_a_cookie_writes_nothing_for_a_page_of_another_origin(http: TestClient, shop: Served) -> None:
    """SameSite knows no ports: a page beside us on this machine would send the cookie along."""
    http.cookies.set(STAFF_COOKIE, shop.staff_token("stf_agent"))
    claim = f"/desk/conversations/{shop.ids['oneul']['conversation']}/claim"
    check_problem(http.post(claim, headers={"Origin": "http://testserver:9999"}), 403, "cross_site")
    assert http.get("/desk/me", headers={"Origin": "http://testserver:9999"}).status_code == 200
    assert http.post(claim, headers={"Origin": "http://testserver"}).status_code == 200
    assert http.post(claim).status_code == 200


def test_a_token_in_the_header_is_meant_before_the_cookie(http: TestClient, shop: Served) -> None:
    http.cookies.set(STAFF_COOKIE, "an old one")
    mine = {"Authorization": f"Bearer {shop.staff_token('stf_agent')}"}
    assert http.get("/desk/me", headers=mine).json()["id"] == "stf_agent"
    assert http.get("/desk/me").status_code == 401


# files


def test_a_browser_asks_about_a_file_at_every_use(http: TestClient) -> None:
    for name in ("/static/widget.js", "/static/widget/api.js"):
        first = http.get(name)
        assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
        again = http.get(name, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"], again.content) == (304, "no-cache", b"")

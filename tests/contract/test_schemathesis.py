"""Whatever is sent to a route: no server error, and an answer of the shape, status and type that /docs promises."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.app import create_app
from backend.errors import PROBLEM
from backend.kit.weeks import week_of
from backend.plans import kinds
from tests.backend.conftest import NOW
from tests.contract.seeded_shop import Served, served

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
THIS_MONDAY = week_of(NOW.date()).monday.isoformat()
bounded = settings(
    max_examples=6, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
)  # fmt: skip

app = create_app()  # asks no database until it is asked something
described = schemathesis.openapi.from_dict(app.openapi())
described.app = app
finite = described.exclude(path_regex="/events$")  # streams never end; their own tests read them


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("contract")) as made:
        yield made


@finite.exclude(path_regex="^/desk").parametrize()
@bounded
def test_holds_for_a_member(case: Case, shop: Served) -> None:
    hold(case, shop.session_token())
    if met := on_something_real(case, shop):
        hold(met, shop.session_token())


@finite.include(path_regex="^/desk").parametrize()
@bounded
def test_holds_for_staff(case: Case, shop: Served) -> None:
    hold(case, shop.staff_token())
    if met := on_something_real(case, shop):
        hold(met, shop.staff_token())


@finite.parametrize()
@settings(bounded, max_examples=3, phases=[Phase.generate])
def test_holds_without_a_token(case: Case, shop: Served) -> None:
    hold(case, None)


def hold(case: Case, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # 503 is what /ready is there to say, and nobody listens where the assistant should
    checks = [check for check in CHECKS if case.path != "/ready" or check is not not_a_server_error]
    case.call_and_validate(headers=headers, checks=checks)


def on_something_real(case: Case, shop: Served) -> Case | None:
    """The same request on a thing the shop has; invented ids only ever meet 404."""
    ids = shop.ids["oneul"]
    named = {
        "conversation_id": "conversation",
        "plan_id": "plan",
        "run_id": "run",
        "request_id": "request",
        "shop_id": "shop",
    }
    real = {key: ids[named.get(key, key)] for key in case.path_parameters or {} if named.get(key, key) in ids}
    if "monday" in (case.path_parameters or {}):
        real["monday"] = THIS_MONDAY
    if not real or case.method.upper() != case.operation.method.upper():
        return None
    case.path_parameters = {**(case.path_parameters or {}), **real}
    return case


AS_JSON = {"Content-Type": "application/json"}  # escaped, so that even what is no text can be sent
ODD = st.sampled_from([
    None, True, 0, -1, 2**70, 1.5, "", " ", "$now", "\x00", "\ud800", "가" * 3000, "9999-12-31", "0001-01-01", "2026-11-20",
    "main_display", "promotion_crm", "smartstore", "mall", "category_tidy", "brand_info", "pro_app", "plan", "run",
    [], ["coupang"], ["\ud800"], {}, {"\ud800": "\ud800"}, {"name": "x", "intro": ""}, {"content": "\ud800", "scope": "mall"},
])  # fmt: skip


@pytest.mark.parametrize("kind", sorted(kinds.names()))
@settings(bounded, max_examples=60)
@given(data=st.data())
def test_any_plan_with_any_parameters_is_a_preview_or_a_problem(kind: str, shop: Served, data: Any) -> None:
    real = st.sampled_from(sorted(shop.ids["oneul"].values()))
    fields = dict.fromkeys(kinds.kind_named(kind).params.model_fields, ODD | real)
    params = data.draw(st.fixed_dictionaries({}, optional=fields))
    with TestClient(app, headers={"Authorization": f"Bearer {shop.session_token()}"}) as client:
        answer = client.post("/api/plans", content=json.dumps({"kind": kind, "params": params}), headers=AS_JSON)
        assert answer.status_code in (201, 403, 404, 409, 422), answer.text
        assert answer.headers["content-type"] == ("application/json" if answer.status_code == 201 else PROBLEM)

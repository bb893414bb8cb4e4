"""Nobody meets another shop: not by a route, not by a plan, not by what is told."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.engine import unit_of_work
from backend.errors import PROBLEM
from backend.plans import kinds
from backend.plans.models import Plan
from tests.backend.plans.every_wish import OF_A_STRANGER
from tests.contract.routes import (
    AS_FILE,
    DESK,
    HANDED_IN,
    NAMED,
    OPEN,
    OWN_CONVERSATION,
    PLAN,
    ROUTES,
    WHOLE,
    ask,
    bearer,
)  # fmt: skip
from tests.contract.seeded_shop import Served


def test_every_route_is_listed_here() -> None:
    listed = NAMED.keys() | WHOLE.keys() | HANDED_IN | AS_FILE | OWN_CONVERSATION | OPEN | DESK | {PLAN}
    assert ROUTES.keys() == listed


#: query parameters that name no thing of a shop: how many, how sorted, of which state, of which day
NAMES_NOTHING = frozenset({
    "at_most", "code", "country", "ended", "flag", "from", "handled", "key", "kind", "label", "limit", "made_by", "market", "offset",
    "open", "operation", "reason", "section", "state", "tag", "to", "unprinted", "weight", "which", "raw_code",
})  # fmt: skip


def test_every_query_that_names_a_thing_is_tried() -> None:
    untried = {
        (route, asked["name"])
        for route, tried in WHOLE.items()
        for asked in ROUTES[route].get("parameters", [])
        if asked["in"] == "query" and asked["name"] not in NAMES_NOTHING | tried.keys()
    }
    assert untried == set()


def test_every_plan_kind_is_listed_here() -> None:
    assert kinds.names() == OF_A_STRANGER.keys()


@pytest.mark.parametrize("route", sorted(NAMED))
def test_a_strangers_thing_does_not_exist(route: str, http: TestClient, shop: Served) -> None:
    theirs, key = shop.ids["other"][NAMED[route]], NAMED[route]
    body = {"json": {"text": "hello"}} if route.endswith("/comments") else {}
    refused = ask(http, route, shop.session_token("oneul"), theirs, **body)
    assert (refused.status_code, refused.headers["content-type"]) == (404, PROBLEM)
    assert ask(http, route, shop.turn_token("oneul"), theirs, **body).status_code == 404
    absent = ask(http, route, shop.session_token("oneul"), "99999" if key == "number" else "plan_none", **body)
    assert {**absent.json(), "number": 0} == {**refused.json(), "number": 0}
    with unit_of_work(write=False) as session:
        assert session.get_one(Plan, shop.ids["other"]["plan"]).state.value == "previewed"


@pytest.mark.parametrize("route", sorted(NAMED))
def test_the_own_thing_is_there(route: str, http: TestClient, shop: Served) -> None:
    """The counterpart: what answers 404 above answers for its owner."""
    body = {"json": {"text": "hello"}} if route.endswith("/comments") else {}
    key = "executed_plan" if route.endswith("/confirm") else NAMED[route]
    assert ask(http, route, shop.session_token("oneul"), shop.ids["oneul"][key], **body).is_success


@pytest.mark.parametrize("kind", sorted(kind for kind, tries in OF_A_STRANGER.items() if tries))
def test_no_plan_reaches_a_strangers_thing(kind: str, http: TestClient, shop: Served) -> None:
    for tried in OF_A_STRANGER[kind] or []:
        params = {name: value_of(said, shop) for name, said in tried.items()}
        refused = ask(http, PLAN, shop.session_token("oneul"), json={"kind": kind, "params": params})
        assert refused.status_code == (422 if kind == "work_request.create" else 404), refused.text
        if kind == "work_request.create":
            assert {"field": "product", "problem": "product_unknown"} in refused.json()["fields"]


def value_of(said: str, shop: Served) -> Any:
    if said.startswith("="):
        return {"[]": [], "1": 1}.get(said[1:], said[1:])
    if said.startswith("["):
        return [value_of(one, shop) for one in said[1:-1].split(",")]
    if said == "pieces":
        return [{"line_id": shop.ids["other"]["order_line"], "quantity": 1}]
    if said.startswith("own:"):
        return shop.ids["oneul"][said[4:]]
    if said.startswith("list:"):
        return [value_of(said[5:], shop)]
    if said.startswith("lines:"):
        _, number, thing = said.split(":", 2)
        return [{"item_id": value_of(thing, shop), number: 1}]
    if said.startswith("["):
        return [shop.ids["other"][said[1:-1]]]
    if said.startswith("invoice_of_"):
        named = {"parcel": "shipment_id", "order": "order_id"}[said[11:]]
        return [{named: shop.ids["other"][said[11:]], "courier": "cj", "tracking_no": "612345678901"}]
    if said == "line_of_item":
        return [{"item_id": shop.ids["other"]["goods"], "quantity": 1}]
    if said == "no_outcomes":
        return {}
    if said == "product_fields":
        return {"product": shop.ids["other"]["product"], "item": "price", "content": "x"}
    return shop.ids["other"][said]


@pytest.mark.parametrize("route", sorted(WHOLE))
def test_nothing_of_another_shop_is_told(route: str, http: TestClient, shop: Served) -> None:
    asked = {
        name: "true" if name == "ended" else thing[1:] if thing.startswith("=") else shop.ids["other"][thing]
        for name, thing in WHOLE[route].items()
    }
    needed = {name: value for name, value in asked.items() if WHOLE[route][name].startswith("=")}
    for query in (needed, *({**needed, name: value} for name, value in asked.items() if name not in needed)):
        given = {"text": "x", **query} if route.endswith("/find") else query
        answer = ask(http, route, shop.session_token("oneul"), "brand_info", params=given)
        assert answer.status_code in ((200, 404) if query != needed else (200,)), answer.text
        told = answer.text.replace(asked.get("group", "-"), "") if answer.status_code == 404 else answer.text
        theirs = {value for key, value in shop.ids["other"].items() if key != "number"} | {
            "secret of other",
            "other 상점",
        }
        assert not {value for value in theirs if value in told}


def test_the_chat_tells_only_its_own(http: TestClient, shop: Served) -> None:
    for member, said in (("owner", True), ("sub", False)):
        thread = http.get("/chat/messages", headers=bearer(shop.session_token("oneul", member)))
        assert thread.status_code == 200
        assert ("secret of oneul" in thread.text) is said
        assert "secret of other" not in thread.text

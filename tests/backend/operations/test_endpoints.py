"""What the HTTP API answers about operations, and to whom."""

from datetime import timedelta

import pytest

from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operations
from backend.operations.runner import execute
from backend.operations.scope import all_units
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_run, switch_off


@pytest.fixture
def done(session, shop, display) -> str:
    """A finished run of the main display."""
    run = add_run(
        session, shop, state=RunState.ANNOUNCED, announced_at=clock.now() - timedelta(days=1), scheduled_for=clock.now()
    )
    session.commit()
    assert execute(run.id, "w") is RunState.DONE
    return run.id


def test_a_run_is_shown_with_names_before_and_after(done, client, owner, display) -> None:
    run = client(owner).get(f"/api/operations/runs/{done}").json()
    assert (run["state"], run["changed"], run["undoable"]) == ("done", 3, True)
    first = run["changes"][0]
    assert (first["label"], first["before_shown"], first["after_shown"]) == (
        "추천상품 1",
        display[0].name,
        display[7].name,
    )
    assert run["rule"]["code"] == "recent_reaction" and run["findings"][0]["code"] == "more_popular_waiting"


def test_put_back_it_says_so(done, client, owner) -> None:
    me = client(owner)
    plan = me.post("/api/plans", json={"kind": "undo", "params": {"source_type": "run", "source_id": done}}).json()
    assert me.post(f"/api/plans/{plan['id']}/confirm", headers={"Idempotency-Key": "k"}).status_code == 200
    run = me.get(f"/api/operations/runs/{done}").json()
    assert (run["state"], run["undone"], run["undoable"]) == ("reverted", 3, False)
    assert all(change["undone"] for change in run["changes"])


def test_what_ran_comes_newest_first_and_what_waits_after_it(session, shop, client, owner) -> None:
    at = clock.now()
    old = add_run(
        session, shop, state=RunState.DONE, scheduled_for=at - timedelta(days=3), finished_at=at - timedelta(days=3)
    )
    new = add_run(session, shop, state=RunState.FAILED, reason="internal", scheduled_for=at, finished_at=at)
    later, soon = (
        add_run(session, shop, scheduled_for=at + timedelta(days=5)),
        add_run(session, shop, "promotion_coupon"),
    )
    session.commit()
    me = client(owner)
    page = me.get("/api/operations/runs").json()
    assert [run["id"] for run in page["items"]] == [new.id, old.id, soon.id, later.id]
    assert me.get("/api/operations/runs?limit=1&offset=1").json()["items"][0]["id"] == old.id
    assert me.get("/api/operations/runs?state=scheduled").json()["total"] == 2
    assert me.get("/api/operations/runs?from=2026-11-15&to=2026-11-15").json()["total"] == 1
    assert me.get("/api/operations/latest-run?operation=main_display").json()["id"] == old.id


def test_explaining_a_product_finds_where_it_came_from_and_went_to(done, client, owner, display) -> None:
    me = client(owner)
    came = me.get(f"/api/operations/explain?product_id={display[7].id}").json()
    assert [(c["after"], c["run"]["id"]) for c in came] == [(display[7].id, done)]
    went = me.get(f"/api/operations/explain?product_id={display[0].id}").json()
    assert [c["before"] for c in went] == [display[0].id]
    assert me.get(f"/api/operations/explain?product_id={display[1].id}").json() == []
    assert me.get(f"/api/operations/runs?product_id={display[7].id}").json()["total"] == 1


def test_no_run_yet_is_said_with_a_code(client, owner) -> None:
    answer = client(owner).get("/api/operations/latest-run?operation=main_display")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_run")


def test_the_gate_answers_for_one_operation_or_all(session, shop, client, owner) -> None:
    switch_off(session, shop, operation="main_display")
    session.commit()
    me = client(owner)
    one = me.get("/api/operations/gate?operation=main_display").json()
    assert [(g["verdict"], g["state"]) for g in one] == [("switched_off", "off")]
    assert [c["code"] for c in one[0]["checks"]][6] == "nothing_to_improve" and one[0]["checks"][6]["evidence"][
        "checked"
    ]
    every = me.get("/api/operations/gate").json()
    assert len(every) == len(all_units())
    assert me.get("/api/operations/gate?operation=nonsense").json()["code"] == "unknown_operation"


def test_the_schedule_holds_planned_runs_and_calculates_the_others(session, shop, client, owner) -> None:
    add_run(session, shop, state=RunState.ANNOUNCED, announced_at=clock.now())
    switch_off(session, shop, operation="promotion_coupon", until=clock.now() + timedelta(days=3))
    switch_off(session, shop, operation="smartstore_seo")
    session.commit()
    rows = {(r["operation"], r["market"]): r for r in client(owner).get("/api/operations/schedule").json()}
    assert rows["main_display", None]["announced"] and rows["main_display", None]["run_id"]
    held = rows["promotion_coupon", None]
    assert (held["at"], held["after_off"], held["run_id"]) == ("2026-11-22T02:00:00Z", True, None)
    assert ("smartstore_seo", "smartstore") not in rows
    assert ("product_name", "gmarket") not in rows  # no account there


def test_what_the_schedule_calculates_is_what_the_scheduler_plans(session, shop, client, owner) -> None:
    session.commit()
    me = client(owner)
    told = {(r["operation"], r["market"]): r["at"] for r in me.get("/api/operations/schedule").json()}
    tick()
    planned = me.get("/api/operations/schedule").json()
    assert {(r["operation"], r["market"]): r["at"] for r in planned} == told
    assert all(r["run_id"] for r in planned)


def test_the_list_of_operations_says_how_each_stands(session, shop, client, owner, done) -> None:
    switch_off(session, shop, operation="product_name", market=Market.COUPANG)
    session.commit()
    rows = {row["key"]: row for row in client(owner).get("/api/operations").json()}
    assert list(rows) == list(operations())
    assert rows["main_display"]["last_run"]["id"] == done
    assert rows["product_name"]["state"] == "mixed"
    assert {u["market"]: u["state"] for u in rows["product_name"]["units"]}["coupang"] == "off"
    assert rows["product_name"]["off"][0]["units"] == [{"operation": "product_name", "market": "coupang"}]


def test_what_is_off_now_and_what_was(session, shop, client, owner) -> None:
    now = switch_off(session, shop, operation="main_display", until=clock.now() + timedelta(days=2, hours=12))
    switch_off(session, shop, operation="promotion_coupon", lifted_at=clock.now(), lifted_by="대표")
    session.commit()
    me = client(owner)
    rows = me.get("/api/operations/off").json()
    assert [(r["id"], r["until"], r["resumes_on"]) for r in rows] == [(now.id, "2026-11-20", "2026-11-21")]
    assert len(me.get("/api/operations/off?ended=true").json()) == 2


def test_the_next_arrangement_has_a_reason_for_every_product(client, owner, session, display) -> None:
    me = client(owner)
    groups = me.get("/api/display/next").json()
    assert [(g["number"], g["changes"], g["blocked_by"]) for g in groups] == [(2, 3, None)]
    slots = groups[0]["slots"]
    assert [(s["position"], s["reason"], s["changed"]) for s in slots] == [
        (1, "orders", True), (2, "pinned", False), (3, "orders", True), (4, "orders", True),
    ]  # fmt: skip
    assert slots[0]["before"] == display[0].name and slots[0]["evidence"]["orders"] == 12
    assert me.get("/api/display/next?group=추천상품").json() == groups
    assert me.get("/api/display/next?group=없는것").json()["code"] == "group_not_found"


def test_an_off_over_http_from_preview_to_schedule(session, shop, client, sub_operator) -> None:
    add_run(session, shop)
    session.commit()
    me = client(sub_operator)
    plan = me.post(
        "/api/plans", json={"kind": "ops.off", "params": {"operation": "main_display", "until": "2026-11-22"}}
    )
    assert plan.status_code == 201
    assert me.get("/api/operations/off").json() == []
    assert (
        me.post(f"/api/plans/{plan.json()['id']}/confirm", headers={"Idempotency-Key": "k"}).json()["state"]
        == "executed"
    )
    assert me.get("/api/operations/off").json()[0]["set_by"] == sub_operator.name
    assert me.get("/api/operations/gate?operation=main_display").json()[0]["verdict"] == "switched_off"
    refused = me.post("/api/plans", json={"kind": "ops.off", "params": {"everything": True}})
    assert (refused.status_code, refused.json()["permission"]) == (403, "operations:switch_all")


def test_a_stranger_sees_nothing_of_the_shop(done, session, shop, client, stranger, display) -> None:
    switch = switch_off(session, shop, operation="promotion_coupon")
    session.commit()
    them = client(stranger)
    assert them.get(f"/api/operations/runs/{done}").status_code == 404
    assert them.get("/api/operations/latest-run").status_code == 404
    assert them.get("/api/operations/runs").json()["total"] == 0
    assert them.get(f"/api/operations/runs?product_id={display[7].id}").json()["total"] == 0
    assert them.get(f"/api/operations/explain?product_id={display[7].id}").json() == []
    assert them.get("/api/operations/off?ended=true").json() == []
    assert them.get("/api/display/next").json() == []
    assert them.get(f"/api/display/next?group=dgr_{shop.mall_id}_2").status_code == 404
    undo = them.post("/api/plans", json={"kind": "undo", "params": {"source_type": "run", "source_id": done}})
    on = them.post("/api/plans", json={"kind": "ops.on", "params": {"switch_id": switch.id}})
    assert (undo.status_code, on.status_code) == (404, 404)


@pytest.mark.parametrize("path", [
    "/api/me", "/api/setup", "/api/operations", "/api/operations/runs", "/api/operations/runs/x", "/api/operations/gate",
    "/api/operations/schedule", "/api/operations/off", "/api/operations/explain", "/api/operations/latest-run",
    "/api/display/next",
])  # fmt: skip
def test_nothing_is_told_without_a_token(client, path) -> None:
    assert client(None).get(path).status_code == 401


def test_another_shops_off_does_not_hold_mine(session, shop, client, owner, stranger) -> None:
    switch_off(session, session.get_one(Shop, stranger.shop_id))
    session.commit()
    assert client(owner).get("/api/operations/gate?operation=main_display").json()[0]["verdict"] != "switched_off"

"""Filing a work request: only what the menu lists, every field checked, numbered when filed."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import Conflict, InvalidInput
from backend.markets.models import AccountState, MarketAccount
from backend.plans import service as plans
from backend.plans.models import Plan
from backend.shops.models import Shop
from backend.work_requests.catalogue import catalogue
from backend.work_requests.models import WorkRequest
from backend.work_requests.service import request_numbered, requests_of
from backend.work_requests.states import RequestState
from tests.backend.products.build import make_product

Client = Callable[[Actor | None], TestClient]
NEW_CARDIGAN = {"name": "캐시미어 가디건", "price": "89,000원"}


def preview(session: Session, actor: Actor, type_key: str, fields: dict[str, Any], **more: Any) -> Plan:
    return plans.preview(session, actor, "work_request.create", {"type": type_key, "fields": fields, **more})


def file(
    session: Session, actor: Actor, type_key: str = "product_register", fields: dict[str, Any] | None = None
) -> WorkRequest:
    plan = plans.confirm(session, actor, preview(session, actor, type_key, fields or NEW_CARDIGAN).id, "key")
    return request_numbered(session, actor.shop_id, plan.result["number"])


def problems(session: Session, actor: Actor, type_key: str, fields: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(InvalidInput) as refused:
        preview(session, actor, type_key, fields)
    assert refused.value.error_code == "work_fields_invalid"
    return {row["field"]: row for row in refused.value.data["fields"]}


def test_a_request_is_numbered_when_it_is_filed(session: Session, owner: Actor, sub_operator: Actor) -> None:
    early = preview(session, owner, "product_register", NEW_CARDIGAN)
    assert "number" not in early.changes[0]["after"]
    assert file(session, sub_operator, fields={**NEW_CARDIGAN, "name": "울 가디건"}).number == 1
    late = plans.confirm(session, owner, early.id, "key")
    assert late.result["number"] == 2
    request = request_numbered(session, owner.shop_id, 2)
    assert (request.requested_by, request.requested_by_id, request.state) == (
        "oneul owner",
        owner.id,
        RequestState.SUBMITTED,
    )
    assert request.fields == {"name": "캐시미어 가디건", "price": 89_000}


def test_numbers_count_in_each_shop_by_itself(session: Session, owner: Actor, stranger: Actor) -> None:
    assert [file(session, owner).number, file(session, owner).number, file(session, stranger).number] == [1, 2, 1]


def test_confirming_twice_files_once(session: Session, owner: Actor) -> None:
    plan = preview(session, owner, "product_register", NEW_CARDIGAN)
    plans.confirm(session, owner, plan.id, "a")
    plans.confirm(session, owner, plan.id, "b")
    assert len(requests_of(session, owner.shop_id)) == 1


def test_the_preview_shows_names_and_working_days(session: Session, shop: Shop, owner: Actor) -> None:
    make_product(session, shop, "P00001", "울 가디건")
    plan = preview(session, owner, "product_correct", {"product": "p00001", "item": "price", "content": "45,000원으로"})
    [effect] = plan.effects
    assert effect["code"] == "work_request_filed"
    assert effect["data"]["business_days"] == 2
    assert effect["data"]["fields"][0] == {"key": "product", "value": "prd_oneul_P00001", "shown": "울 가디건"}


def test_the_same_request_again_is_pointed_out(session: Session, owner: Actor) -> None:
    first = file(session, owner)
    again = preview(session, owner, "product_register", NEW_CARDIGAN)
    assert again.effects[1] == {
        "code": "work_request_similar",
        "data": {"number": first.number, "type": "product_register", "state": "submitted"},
    }
    other = preview(session, owner, "product_register", {**NEW_CARDIGAN, "price": 90_000})
    assert len(other.effects) == 1


def test_undo_withdraws_it(session: Session, owner: Actor) -> None:
    plan = plans.confirm(session, owner, preview(session, owner, "product_register", NEW_CARDIGAN).id, "key")
    undo = plans.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    plans.confirm(session, owner, undo.id, "key")
    assert request_numbered(session, owner.shop_id, plan.result["number"]).state is RequestState.WITHDRAWN


def test_what_the_menu_does_not_list_is_refused_with_the_menu(session: Session, owner: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        preview(session, owner, "blog_advertising", {})
    assert refused.value.error_code == "work_type_unknown"
    assert refused.value.data["types"] == list(catalogue().types)


def test_every_problem_is_named_at_once(session: Session, owner: Actor) -> None:
    found = problems(session, owner, "product_register", {
        "price": "비싸게", "stock": -1, "images": "사진첩", "detail": "가" * 3_001, "colour": "빨강",
    })  # fmt: skip
    assert {field: row["problem"] for field, row in found.items()} == {
        "name": "required", "price": "not_a_number", "stock": "too_small", "images": "not_a_url",
        "detail": "too_long", "colour": "unknown_field",
    }  # fmt: skip
    assert (found["detail"]["max"], found["detail"]["length"]) == (3_000, 3_001)


@pytest.mark.parametrize(
    ("type_key", "fields", "field", "problem"),
    [
        ("product_correct", {"product": "P99999", "item": "price", "content": "x"}, "product", "product_unknown"),
        ("product_correct", {"product": "P00001", "item": "colour", "content": "x"}, "item", "not_a_choice"),
        (
            "product_correct",
            {"product": "P00001", "item": "price", "content": "x", "due": "2026-11-17"},
            "due",
            "in_the_past",
        ),
        ("product_correct", {"product": "P00001", "item": "price", "content": "x", "due": "모레"}, "due", "not_a_date"),
        ("product_fetch", {"market": "amazon", "scope": "all"}, "market", "market_unknown"),
        ("product_fetch", {"market": "mall", "scope": "all"}, "market", "market_unknown"),
        ("product_register", {"name": " ", "price": 100}, "name", "required"),
        ("product_register", {"name": "x", "price": 10**9}, "price", "too_large"),
        ("product_register", {"name": "x", "price": 100.5}, "price", "not_a_number"),
        (
            "banner_popup",
            {"place": "popup", "starts_on": "2026-12-10", "ends_on": "2026-12-01"},
            "ends_on",
            "in_the_past",
        ),
        (
            "banner_popup",
            {"place": "popup", "starts_on": "2026-12-10", "link": "javascript:alert(1)"},
            "link",
            "not_a_url",
        ),
    ],
)
def test_a_field_is_refused(
    session: Session, shop: Shop, owner: Actor, type_key: str, fields: dict[str, Any], field: str, problem: str
) -> None:
    make_product(session, shop, "P00001", "울 가디건")
    assert problems(session, owner, type_key, fields)[field]["problem"] == problem


def test_a_strangers_product_cannot_be_named(session: Session, shop: Shop, stranger: Actor) -> None:
    product = make_product(session, shop, "P00001", "울 가디건")
    found = problems(session, stranger, "product_correct", {"product": product.id, "item": "price", "content": "x"})
    assert found["product"]["problem"] == "product_unknown"


def test_fetching_products_needs_marketplus_and_that_market(session: Session, shop: Shop, owner: Actor) -> None:
    fields = {"scope": "all"}
    with pytest.raises(Conflict) as unlinked:
        preview(session, owner, "product_fetch", fields, market="gmarket")
    assert (unlinked.value.error_code, unlinked.value.data["state"]) == ("market_not_connected", "disconnected")
    assert (
        preview(session, owner, "product_fetch", fields, market="coupang").effects[0]["data"]["fields"][0]["value"]
        == "coupang"
    )
    session.get_one(MarketAccount, "mka_oneul_coupang").state = AccountState.EXPIRED
    with pytest.raises(Conflict) as expired:
        preview(session, owner, "product_fetch", fields, market="coupang")
    assert expired.value.data["state"] == "expired"
    shop.marketplus_linked_at = None
    with pytest.raises(Conflict) as missing:
        preview(session, owner, "product_fetch", fields, market="smartstore")
    assert (missing.value.error_code, missing.value.data["item"]) == ("setup_missing", "marketplus")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_filled_in_is_filed_or_named_as_wrong(session: Session, owner: Actor, data: st.DataObject) -> None:
    type_key = data.draw(st.sampled_from(sorted(set(catalogue().types) - {"product_fetch"})))
    spec = catalogue().types[type_key].fields
    values = st.one_of(st.none(), st.integers(), st.floats(), st.booleans(), st.text(max_size=80),
                       st.sampled_from(["2026-12-01", "price", "popup", "https://example.com/a", "3만 5천", "smartstore", "both"]))  # fmt: skip
    fields = data.draw(st.dictionaries(st.sampled_from(sorted(spec)) | st.text(max_size=5), values, max_size=8))
    with session.begin_nested() as nested:
        try:
            plan = preview(session, owner, type_key, fields)
        except InvalidInput as refused:
            assert refused.data["fields"]
        else:
            kept = plan.changes[0]["after"]["fields"]
            assert set(kept) <= set(spec)
            assert all(kept.get(key) not in (None, "") for key, one in spec.items() if one.required)
        nested.rollback()


def test_the_api_lists_the_menu_with_its_fields(client: Client, owner: Actor) -> None:
    rows = {row["type"]: row for row in client(owner).get("/api/work-requests/catalog").json()}
    assert list(rows)[:3] == ["product_register", "product_fetch", "product_correct"]
    assert rows["product_fetch"]["needs"] == ["marketplus", "market_account"]
    assert rows["product_fetch"]["fields"][1]["choices"] == ["all", "new_only", "selected"]


def test_a_problem_travels_over_the_api(client: Client, owner: Actor) -> None:
    answer = client(owner).post(
        "/api/plans", json={"kind": "work_request.create", "params": {"type": "product_register"}}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "work_fields_invalid"
    assert [row["field"] for row in answer.json()["fields"]] == ["name", "price"]

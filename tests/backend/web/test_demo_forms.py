"""The demo mall's forms change the shop as its person, leave an audit event, and refuse what is not theirs to do."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.coupons.models import Coupon, CouponState
from backend.display.models import DisplaySlot
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.operations.models import OffSwitch
from backend.products.models import Product
from backend.shops.models import Shop
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import RequestState
from tests.backend.plans.whole_state import State
from tests.backend.web.conftest import anew


def events(session: Session, target_type: str, target_id: str) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.target_type == target_type, AuditEvent.target_id == target_id)
    return list(anew(session).scalars(query.order_by(AuditEvent.id)))


def test_a_product_is_renamed_by_hand_and_audited(browser: TestClient, mall: Shop, session: Session) -> None:
    answer = browser.post("/demo/oneul/products/prd_1/name", data={"seen": "울 가디건", "name": "  울  크롭 가디건 "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/demo/oneul/products")
    (event,) = events(session, "product", "prd_1")
    assert (event.source_type, event.actor_id, event.before, event.after) == (
        "direct", "mem_oneul_owner", "울 가디건", "울 크롭 가디건",
    )  # fmt: skip
    assert anew(session).get_one(Product, "prd_1").name == "울 크롭 가디건"


def test_htmx_hears_what_was_done_and_looks_again(browser: TestClient, mall: Shop) -> None:
    answer = browser.post(
        "/demo/oneul/products/prd_1/name", data={"seen": "울 가디건", "name": "울 코트"}, headers={"HX-Request": "true"}
    )
    assert answer.headers["hx-trigger"] == "refresh"
    assert "울 코트로 바꿨어요." in answer.text


def test_an_edit_on_an_old_page_is_refused(browser: TestClient, mall: Shop, session: Session) -> None:
    answer = browser.post("/demo/oneul/products/prd_1/name", data={"seen": "옛날 이름", "name": "새 이름"})
    assert answer.status_code == 409
    assert "그 사이에" in answer.text
    assert not events(session, "product", "prd_1")


def test_an_edit_by_hand_stands_in_the_way_of_undoing_the_run(
    browser: TestClient, mall: Shop, owner: Actor, client: Callable[[Actor], TestClient]
) -> None:
    browser.post("/demo/oneul/listings/lst_1/title", data={"seen": "오늘담 울 가디건", "name": "오늘담 울 니트"})
    undo = {"kind": "undo", "params": {"source_type": "run", "source_id": "run_1"}}
    refused = client(owner).post("/api/plans", json=undo)
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert refused.json()["conflicts"][0]["by"] == "oneul owner"


@pytest.mark.parametrize(
    ("path", "data", "why"),
    [
        ("products/prd_1/name", {"seen": "울 가디건", "name": "   "}, "상품명을 적어 주세요"),
        ("products/prd_1/name", {"seen": "울 가디건", "name": "가" * 300}, "까지 쓸 수 있어요"),
        ("products/prd_1/name", {"seen": "울 가디건", "name": "울 가디건"}, "바뀐 내용이 없어요"),
        ("pro-app/sender_number", {"value": "12"}, "쓸 수 없어요"),
        ("pro-app/unheard_of", {"value": "12"}, "그런 설정은 없어요"),
        ("pro-app/markets/11st", {"seller_id": " "}, "판매자 아이디"),
        ("requests/1/comments", {"text": " "}, "내용을 적어 주세요"),
        ("requests/99/withdraw", {}, "WR-99 요청을 찾지 못했어요"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(
    browser: TestClient, mall: Shop, database_copy: Callable[[], State], path: str, data: dict[str, str], why: str
) -> None:
    before = database_copy()
    answer = browser.post(f"/demo/oneul/{path}", data=data, headers={"HX-Request": "true"})
    assert answer.status_code in (404, 409, 422)
    assert why in answer.text
    assert answer.headers["hx-retarget"] == "#notice"
    assert database_copy() == before


def test_a_pin_is_a_plan_of_this_person(browser: TestClient, mall: Shop, session: Session) -> None:
    browser.post("/demo/oneul/display/pin", data={"product_id": "prd_3", "group": "dgr_1", "position": "1"})
    assert anew(session).get_one(DisplaySlot, "slot_1").product_id == "prd_3"
    assert anew(session).get_one(DisplaySlot, "slot_1").pinned
    assert {event.action for event in events(session, "display_slot", "slot_1")} == {"display.pin"}
    browser.post("/demo/oneul/display/unpin", data={"product_id": "prd_3", "group": "dgr_1"})
    assert not anew(session).get_one(DisplaySlot, "slot_1").pinned


def test_a_coupon_is_stopped(browser: TestClient, mall: Shop, session: Session) -> None:
    assert browser.post("/demo/oneul/coupons/cpn_1/stop").status_code == 303
    assert anew(session).get_one(Coupon, "cpn_1").state is CouponState.ISSUE_STOPPED
    assert events(session, "coupon", "cpn_1")[0].actor_id == "mem_oneul_owner"
    assert "발급 중지" in browser.get("/demo/oneul/coupons").text


def test_an_operation_is_switched_on_again(browser: TestClient, mall: Shop, session: Session) -> None:
    assert browser.post("/demo/oneul/off/off_1/on").status_code == 303
    assert anew(session).get_one(OffSwitch, "off_1").lifted_by == "oneul owner"
    assert "지금 꺼 둔 작업은 없어요" in browser.get("/demo/oneul/status").text


def test_the_owner_completes_a_setting(browser: TestClient, mall: Shop, session: Session) -> None:
    assert browser.post("/demo/oneul/pro-app/sender_number", data={"value": "1588-1234"}).status_code == 303
    assert anew(session).get_one(Shop, "shop_oneul").sender_number == "15881234"
    assert (
        browser.post("/demo/oneul/pro-app/brand_info", data={"name": "오늘담", "intro": "새 소개"}).status_code == 303
    )
    assert {event.action for event in events(session, "shop", "shop_oneul")} == {"setup.complete"}


def test_expired_credentials_are_renewed(browser: TestClient, mall: Shop, session: Session) -> None:
    assert browser.post("/demo/oneul/pro-app/markets/coupang", data={"seller_id": "oneul"}).status_code == 303
    account = anew(session).get_one(MarketAccount, "mka_oneul_coupang")
    assert account.state is AccountState.CONNECTED
    assert {e.field for e in events(session, "market_account", account.id)} >= {"state", "credentials_until"}
    assert {e.action for e in events(session, "market_account", account.id)} == {"market_account.connect"}


def test_a_market_never_linked_is_connected(browser: TestClient, mall: Shop, session: Session) -> None:
    assert browser.post("/demo/oneul/pro-app/markets/auction", data={"seller_id": "oneul_a"}).status_code == 303
    made = anew(session).scalars(select(MarketAccount).where(MarketAccount.seller_id == "oneul_a")).one()
    assert (made.shop_id, made.state) == ("shop_oneul", AccountState.CONNECTED)
    assert events(session, "market_account", made.id)[0].op == "create"


def test_the_sub_operator_may_not_touch_settings(browser: TestClient, mall: Shop, session: Session) -> None:
    assert browser.post("/demo/oneul/as", data={"as": "sub"}).status_code == 303
    for path, data in (("sender_number", {"value": "1588-1234"}), ("markets/coupang", {"seller_id": "x"})):
        refused = browser.post(f"/demo/oneul/pro-app/{path}", data=data)
        assert refused.status_code == 403
        assert "대표운영자만" in refused.text
    assert anew(session).get_one(Shop, "shop_oneul").sender_number == "0212345678"
    browser.post("/demo/oneul/products/prd_1/name", data={"seen": "울 가디건", "name": "울 니트"})
    assert events(session, "product", "prd_1")[0].actor_id == "mem_oneul_sub"


def test_a_request_is_commented_and_withdrawn(browser: TestClient, mall: Shop, session: Session) -> None:
    browser.post("/demo/oneul/requests/1/comments", data={"text": "서둘러 주세요"})
    assert "서둘러 주세요" in browser.get("/demo/oneul/requests").text
    assert browser.post("/demo/oneul/requests/1/withdraw").status_code == 303
    assert anew(session).get_one(WorkRequest, "wrq_1").state is RequestState.WITHDRAWN


@pytest.mark.parametrize(
    "path", ["products/prd_1/name", "listings/lst_1/title", "coupons/cpn_1/stop", "off/off_1/on", "requests/1/withdraw"]
)
def test_another_shops_things_are_404(
    browser: TestClient, mall: Shop, database_copy: Callable[[], State], path: str
) -> None:
    before = database_copy()
    assert browser.post(f"/demo/other/{path}", data={"seen": "울 가디건", "name": "빼앗기"}).status_code == 404
    assert database_copy() == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_form_of_another_site_is_refused(browser: TestClient, mall: Shop, session: Session, origin: str) -> None:
    refused = browser.post(
        "/demo/oneul/listings/lst_1/title",
        data={"seen": "오늘담 울 가디건", "name": "훔친 이름"},
        headers={"origin": origin},
    )
    assert refused.status_code == 403
    assert anew(session).get_one(Listing, "lst_1").title == "오늘담 울 가디건"


def test_every_form_of_the_pages_has_a_route(browser: TestClient, mall: Shop) -> None:
    """A form nobody answers to would be found only by pressing it."""
    browser.post("/demo/oneul/as", data={"as": "owner"})
    wanted = set()
    for page in ("", "/products", "/display", "/coupons", "/status", "/requests", "/pro-app"):
        wanted |= set(re.findall(r'method="post" action="([^"]+)"', browser.get(f"/demo/oneul{page}").text))
    assert len(wanted) > 10
    for action in wanted:
        refused = browser.post(action, headers={"origin": "https://evil.example"}, data={"as": "owner"})
        assert refused.status_code in (403, 422), action

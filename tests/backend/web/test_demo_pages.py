"""The demo mall shows the shop's state, gives identities, and changes nothing by looking."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.orders.allocate import allocate_waiting
from backend.shops.models import Shop
from backend.web.demo.endpoints import FIRST_MALL
from tests.backend.orders.build import add_item, line, order, took
from tests.backend.plans.whole_state import State

PAGES = (
    "", "/orders", "/orders?all=true", "/products", "/products?changed=true", "/stock", "/stock?low=true", "/display", "/coupons",
    "/status", "/requests", "/pro-app",
)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("", ["스마트스토어 검색 최적화", "작업 서버 중단", "추천상품", "직접 관리해요"]),
        ("/products", ["울 가디건", "린넨 셔츠", "PRO가 바꿈", "<del>특가 울 가디건</del>", "오늘담 울 가디건"]),
        ("/display", ["추천상품", "울 가디건", "데님 팬츠", "39,003원"]),
        ("/coupons", ["첫 구매 10% 할인 쿠폰", "24,300원", "발급 중", "PRO가 만듦"]),
        ("/status", ["상품명 개선", "쿠팡", "완료", "1건", "작업 서버 중단", "다시 켤 때까지"]),
        ("/requests", ["WR-1", "카테고리 정리", "아우터를 맨 위로", "접수", "자사몰"]),
        ("/pro-app", ["발신번호 등록", "인증 만료", "인증 갱신", "oneul", "브랜드 정보"]),
    ],
)
def test_a_page_shows_the_state_of_the_shop(browser: TestClient, mall: Shop, page: str, shown: list[str]) -> None:
    answer = browser.get(f"/demo/oneul{page}")
    assert answer.status_code == 200
    for text in shown:
        assert text in answer.text
    assert 'src="/static/widget.js"' in answer.text
    assert 'data-identity-url="/demo/oneul/identity?as=owner"' in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_empty_shop_answers_as_well(browser: TestClient, mall: Shop, page: str) -> None:
    answer = browser.get(f"/demo/other{page}")
    assert answer.status_code == 200
    assert "울 가디건" not in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_looking_changes_nothing(
    browser: TestClient, mall: Shop, database_copy: Callable[[], State], page: str
) -> None:
    before = database_copy()
    browser.get(f"/demo/oneul{page}")
    browser.get("/demo/oneul/identity")
    assert database_copy() == before


def test_forms_cannot_be_sent_by_get(browser: TestClient, mall: Shop, database_copy: Callable[[], State]) -> None:
    before = database_copy()
    for path in (
        "as?as=sub",
        "coupons/cpn_1/stop",
        "off/off_1/on",
        "pro-app/sender_number?value=15881234",
        "display/pin",
    ):
        assert browser.get(f"/demo/oneul/{path}").status_code in (404, 405)
    assert database_copy() == before


def test_htmx_gets_the_changing_part_alone(browser: TestClient, mall: Shop) -> None:
    part = browser.get("/demo/oneul/status", headers={"HX-Request": "true"}).text
    assert "작업 서버 중단" in part
    assert "<html" not in part
    assert "widget.js" not in part


@pytest.mark.parametrize("page", [*PAGES, "/identity"])
def test_an_unknown_mall_is_404(browser: TestClient, mall: Shop, page: str) -> None:
    assert browser.get(f"/demo/nobody{page}").status_code == 404


def test_the_first_mall_is_where_demo_leads(browser: TestClient, mall: Shop) -> None:
    answer = browser.get("/demo")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/demo/{FIRST_MALL}")


def test_a_fix_link_leads_to_the_mall_looked_at_last(browser: TestClient, mall: Shop) -> None:
    browser.get("/demo/other/products")
    assert browser.get("/demo/pro-app").headers["location"] == "/demo/other/pro-app"
    browser.get("/demo/oneul")
    assert browser.get("/demo/pro-app").headers["location"] == "/demo/oneul/pro-app"


@pytest.mark.parametrize(("person", "role"), [("owner", "owner"), ("sub", "sub_operator")])
def test_the_identity_opens_a_session_of_that_person(browser: TestClient, mall: Shop, person: str, role: str) -> None:
    given = browser.get(f"/demo/oneul/identity?as={person}")
    assert given.headers["cache-control"] == "no-store"
    opened = browser.post("/chat/sessions", json={"identity": given.json()["identity"]})
    assert opened.status_code == 200
    assert opened.json()["shop"]["mall_id"] == "oneul"
    assert opened.json()["member"]["role"] == role


def test_nobody_else_gets_an_identity(browser: TestClient, mall: Shop) -> None:
    assert browser.get("/demo/oneul/identity?as=greeter").status_code == 404


def test_names_from_the_shop_are_never_markup(browser: TestClient, mall: Shop) -> None:
    browser.post("/demo/oneul/products/prd_2/name", data={"seen": "린넨 셔츠", "name": "<script>alert(1)</script>"})
    page = browser.get("/demo/oneul/products").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_search_finds_a_product_and_says_so_when_there_is_none(browser: TestClient, mall: Shop) -> None:
    found = browser.get("/demo/oneul/products?q=린넨").text
    assert "린넨 셔츠" in found
    assert "데님 팬츠" not in found
    assert "찾는 상품이 없어요" in browser.get("/demo/oneul/products?q=zzzzqqqq").text


def test_orders_are_shown_with_what_is_in_their_way_and_stock_with_what_is_promised(
    session: Session, browser: TestClient, mall: Shop
) -> None:
    add_item(session, mall, 1, stocked=5, name="재고 하나", option_name=None)
    add_item(session, mall, 2, name="재고 둘", option_name=None)
    took(session, mall, order(1, line("a", quantity=2)), order(2, line("b", seller_code="?", name="모르는 상품")))
    allocate_waiting(session, mall.id)
    session.commit()
    page = browser.get("/demo/oneul/orders").text
    for text in ("출고 가능", "송장만 등록하면", "모르는 상품", "재고 상품과 매칭되지 않았어요", "김민수"):
        assert text in page
    assert 'data-cell="to-send" data-value="2"' in page
    assert 'data-cell="stuck" data-value="1"' in page
    stock = browser.get("/demo/oneul/stock?q=재고 하나").text
    assert 'data-value="5-2"' in stock
    assert "재고 둘" not in stock
    low = browser.get("/demo/oneul/stock?low=true").text
    assert "재고 둘" in low and "재고 하나" not in low
    assert "모르는 상품" not in browser.get("/demo/other/orders?all=true").text

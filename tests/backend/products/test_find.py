"""Which of the shop's products a sentence speaks of."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.products.find import mentioned_products
from backend.products.service import search
from backend.shops.models import Shop
from tests.backend.products.build import make_product

Client = Callable[[Actor | None], TestClient]


@pytest.fixture
def products(session: Session, shop: Shop) -> None:
    make_product(session, shop, "P00001", "울 라운드 가디건", brand="루나핏")
    make_product(session, shop, "P00002", "코튼 셔츠 원피스", category="여성의류 > 원피스")
    make_product(session, shop, "P00003", "린넨 와이드 팬츠", category="여성의류 > 바지")
    other = session.get_one(Shop, "shop_other")
    make_product(session, other, "P00001", "울 라운드 가디건")
    session.commit()


def names(session: Session, text: str) -> list[str]:
    return [mention.name for mention in mentioned_products(session, "shop_oneul", text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("울 라운드 가디건 메인에 고정해줘", "울 라운드 가디건"),
        ("울라운드가디건 이름 왜 바뀌었어요?", "울 라운드 가디건"),
        ("원피스는 그대로 두세요", "코튼 셔츠 원피스"),
        ("와이드팬츠 보여줘", "린넨 와이드 팬츠"),
        ("p00002 고정", "코튼 셔츠 원피스"),
    ],
)
def test_a_sentence_names_a_product(session: Session, products: None, text: str, name: str) -> None:
    assert names(session, text)[0] == name


def test_a_sentence_without_a_product_finds_none(session: Session, products: None) -> None:
    assert names(session, "쿠폰 비용이 얼마예요?") == []


def test_a_code_is_certain(session: Session, products: None) -> None:
    [mention] = mentioned_products(session, "shop_oneul", "P00003 빼줘")
    assert (mention.code, mention.score) == ("P00003", 1.0)


def test_products_of_the_same_name_are_all_offered(session: Session, shop: Shop, products: None) -> None:
    make_product(session, shop, "P00009", "울 라운드 가디건")
    found = mentioned_products(session, shop.id, "울 라운드 가디건 고정")
    assert [mention.code for mention in found][:2] == ["P00001", "P00009"]


@pytest.mark.parametrize(("query", "codes"), [("가디건", ["P00001"]), ("루나핏", ["P00001"]), ("셔츠원피스", ["P00002"]),
    ("p00003", ["P00003"]), ("라운드가디곤", ["P00001"]), ("냉장고", [])])  # fmt: skip
def test_search_forgives_spaces_and_slips(session: Session, products: None, query: str, codes: list[str]) -> None:
    assert [product.code for product in search(session, "shop_oneul", query, 20)] == codes


def test_the_api_finds_only_the_callers_own_products(
    client: Client, products: None, stranger: Actor, owner: Actor
) -> None:
    mine = client(owner).get("/api/products/find", params={"text": "코튼 셔츠 원피스"}).json()
    assert [one["code"] for one in mine] == ["P00002"]
    assert client(stranger).get("/api/products/find", params={"text": "코튼 셔츠 원피스"}).json() == []
    theirs = client(stranger).get("/api/products", params={"query": "가디건"}).json()
    assert [one["id"] for one in theirs] == ["prd_other_P00001"]


def test_nobody_searches_without_a_token(client: Client) -> None:
    assert client(None).get("/api/products").status_code == 401

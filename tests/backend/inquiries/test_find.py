"""Which unanswered inquiries a sentence speaks of."""

import pytest

from backend.errors import NotFound
from backend.inquiries.find import mentioned_inquiries
from backend.inquiries.service import inquiry_of
from backend.inquiries.states import InquiryState, Topic
from backend.markets.codes import Market
from tests.backend.inquiries.asking import ask
from tests.backend.operations.conftest import add_product


@pytest.fixture
def asked(session, shop):
    knit, scarf = (
        add_product(session, shop, 1, name="울 니트 가디건"),
        add_product(session, shop, 2, name="캐시미어 머플러"),
    )
    made = [
        ask(session, shop, "재고 있나요?", 1, product_id=knit.id, topic=Topic.STOCK, buyer_name="김*현"),
        ask(session, shop, "교환 가능한가요?", 2, product_id=scarf.id, market=Market.COUPANG, buyer_name="이*준"),
        ask(session, shop, "배송 언제 되나요?", 3, product_id=scarf.id, buyer_name="박*서"),
        ask(session, shop, "재고 있나요?", 4, product_id=knit.id, state=InquiryState.ANSWERED),
    ]
    session.commit()
    return made


def ids(session, shop, text: str, market: Market | None = None) -> list[str]:
    return [found.inquiry.id[-1] for found in mentioned_inquiries(session, shop.id, text, market)]


def test_a_sentence_that_names_nothing_means_all_that_wait(session, shop, asked) -> None:
    assert ids(session, shop, "답변 안 한 거 보여줘") == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("머플러 문의", ["2", "3"]), ("머풀러 문의", ["2", "3"]), ("머플러 배송 문의", ["3"]), ("재고 물어본 거", ["1"]),
        ("김민현 손님", ["1"]), ("박*서 고객님께", ["3"]), ("교환 문의", ["2"]), ("양말 문의", ["1", "2", "3"]),
    ],
)  # fmt: skip
def test_product_topic_and_buyer_narrow_it(session, shop, asked, said: str, meant: list[str]) -> None:
    assert ids(session, shop, said) == meant


def test_a_market_without_inquiries_has_none(session, shop, asked) -> None:
    assert ids(session, shop, "문의", Market.COUPANG) == ["2"]
    assert ids(session, shop, "문의", Market.GMARKET) == []


def test_another_shop_finds_and_reads_none_of_them(session, stranger, client, asked) -> None:
    assert mentioned_inquiries(session, stranger.shop_id, "머플러") == []
    with pytest.raises(NotFound):
        inquiry_of(session, stranger.shop_id, asked[0].id)
    answer = client(stranger).get(f"/api/inquiries/{asked[0].id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "inquiry_not_found")


def test_reported_words_are_sent_as_a_polite_sentence(session, owner, asked, client) -> None:
    params = {"inquiry_id": asked[2].id, "text": "내일 나간다", "reported": True}
    plan = client(owner).post("/api/plans", json={"kind": "inquiry.send_draft", "params": params}).json()
    assert plan["effects"][0]["data"]["answer"] == "내일 나가요."
    client(owner).post(f"/api/plans/{plan['id']}/confirm", headers={"Idempotency-Key": "k"})
    assert client(owner).get(f"/api/inquiries/{asked[2].id}").json()["answer"] == "내일 나가요."

"""Every adapter against the sandbox process: a product is put on sale once, changed, taken off, or refused by name."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.markets.gateway.contract import Command, Refused, Sent, Unreachable
from backend.shops.models import Shop
from tests.backend.markets.conftest import Sandbox, adapter
from tests.backend.markets.wire import each_market

OPEN = pytest.mark.parametrize("market", [Market.SMARTSTORE, Market.COUPANG])


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    """Tokens belong to a shop."""


def listing(**over: Any) -> Command:
    said = {
        "product_no": None, "seller_code": "P00009", "selling": True, "title": "새 상품", "price": 9_900, "category": "own-101",
        "image": "/images/9.png", "detail": "부드러운 상품", "brand": "오늘담",
        "notice": {"kind": "WEAR", "told": [{"key": "material", "name": "소재", "text": "울 100%"}]},
        "options": [
            {"code": "P00009-01", "name": "블랙", "quantity": 3}, {"code": "P00009-02", "name": "화이트", "quantity": 0},
        ],
    }  # fmt: skip
    return Command(CommandKind.LISTING, {**said, **over}, "l")


def number_of(told: object) -> str:
    assert isinstance(told, Sent) and told.result, told
    return str(told.result["product_no"])


def is_off(sandbox: Sandbox, market: Market) -> set[bool]:
    return {bool(row["doc"].get("off")) for row in sandbox.all_goods(market)}


@each_market
def test_a_product_is_made_once_with_its_options_and_their_stock(market: Market, sandbox: Sandbox) -> None:
    gateway = adapter(market)
    first = number_of(gateway.tell(listing()))
    assert number_of(gateway.tell(listing())) == first
    assert [effect["detail"] for effect in sandbox.effects("listing")] == [
        {"product_no": first, "code": "P00009" if market is not Market.COUPANG else "P00009-01", "new": True}
    ]
    wanted = {"P00009": 0} if market is Market.MALL else {"P00009-01": 3, "P00009-02": 0}
    assert sandbox.stock(market) == wanted


def test_an_answer_that_was_lost_makes_no_second_product(sandbox: Sandbox) -> None:
    gateway = adapter(Market.SMARTSTORE, timeout=0.5)
    gateway.fetch(None)  # with a token at hand
    sandbox.fault("timeout_after", Market.SMARTSTORE, path="/v2/products", seconds=1)
    with pytest.raises(Unreachable):
        gateway.tell(listing())
    number_of(gateway.tell(listing()))
    assert len([one for one in sandbox.effects("listing") if one["detail"]["new"]]) == 1


@OPEN
@pytest.mark.parametrize(
    ("lacks", "code", "said"),
    [
        ({"category": None}, "MISSING_CATEGORY", "카테고리"),
        ({"image": None}, "MISSING_IMAGE", "대표 이미지"),
        ({"notice": {"kind": "WEAR", "told": []}}, "MISSING_NOTICE", "상품정보제공고시"),
        ({"price": 0}, "MISSING_PRICE", "판매가"),
    ],
)
def test_what_a_product_lacks_is_named_by_the_market(
    market: Market, lacks: dict[str, Any], code: str, said: str, sandbox: Sandbox
) -> None:
    told = adapter(market).tell(listing(**lacks))
    assert isinstance(told, Refused) and told.reason.startswith(code) and said in told.reason
    assert not sandbox.effects("listing")


@each_market
def test_its_sale_ends_and_begins_again_under_the_same_number(market: Market, sandbox: Sandbox) -> None:
    gateway = adapter(market)
    number = number_of(gateway.tell(listing()))
    gateway.tell(listing(product_no=number, selling=False))
    assert is_off(sandbox, market) == {True}
    gateway.tell(listing(product_no=number, selling=False))  # told twice
    assert is_off(sandbox, market) == {True}
    assert number_of(gateway.tell(listing(product_no=number, title="다른 이름"))) == number
    assert is_off(sandbox, market) == {False}
    assert {row["doc"]["name"] for row in sandbox.all_goods(market)} == {"다른 이름"}


@each_market
def test_the_end_of_a_sale_that_never_began_is_no_trouble(market: Market, sandbox: Sandbox) -> None:
    assert adapter(market).tell(listing(selling=False)) == Sent(before=True)
    assert isinstance(adapter(market).tell(listing(selling=False, product_no="404404")), Sent | Refused)
    assert not sandbox.effects("listing")


@OPEN
def test_what_the_seller_registered_by_hand_under_the_code_is_left_as_it_is(market: Market, sandbox: Sandbox) -> None:
    sandbox.goods(market, [{"product_no": "777", "code": "P00009-01", "name": "손으로 올린 상품", "price": 1}])
    sandbox.goods(market, [{"product_no": "777", "code": "P00009", "name": "손으로 올린 상품", "price": 1}])
    assert number_of(adapter(market).tell(listing())) == "777"
    assert {row["doc"]["name"] for row in sandbox.all_goods(market)} == {"손으로 올린 상품"}
    assert not sandbox.effects("listing")

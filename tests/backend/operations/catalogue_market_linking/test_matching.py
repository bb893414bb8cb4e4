"""A listing is matched only when it can be one product alone; everything else is told."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kit.jamo import similarity
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.market_linking.export import fits, listing_columns
from backend.operations.catalogue.market_linking.matching import Match, Rules, match_all, shelf
from backend.products.models import Product, SaleStatus

LIMITS = limits_of(Market.COUPANG).title
RULES = Rules.model_validate(operation_named("market_linking").config.rules)


def product(number: int, name: str, brand: str | None = "오늘담") -> Product:
    return Product(id=f"prd_{number}", shop_id="s", code=f"P{number:05}", name=name, brand=brand, category="여성의류 > 니트", price=1,
                   status=SaleStatus.ON_SALE, attributes={}, registered_on=date(2026, 3, 2))  # fmt: skip


def listing(number: int, title: str, code: str | None = None) -> Listing:
    return Listing(id=f"lst_{number}", shop_id="s", product_id=None, market=Market.COUPANG, market_product_no=str(number),
                   title=title, seller_code=code)  # fmt: skip


def matched(
    titles: list[tuple[str, str | None]], names: list[str], listed: frozenset[str] = frozenset()
) -> list[Match]:
    on = shelf([product(number, name) for number, name in enumerate(names, 1)], listed, LIMITS)
    return match_all([listing(number, *one) for number, one in enumerate(titles, 1)], on, RULES)


def verdict(title: str, code: str | None, names: list[str]) -> tuple[str, str | None]:
    (match,) = matched([(title, code)], names)
    return match.code, match.product.name if match.product else None


NAMES = ["울 브이넥 크롭 가디건", "캐시미어 라운드 가디건", "기모 하프넥 티셔츠"]


@pytest.mark.parametrize("title", [
    "울 브이넥 크롭 가디건", "울브이넥 크롭가디건", "[오늘담] 울 브이넥 크롭 가디건", "★특가★ 울 브이넥 크롭 가디건 무료배송",
    "오늘담 울 브이넥 크롭 가디건", "크롭 가디건 울 브이넥", "울 브이넥 크롭 가디컨",
])  # fmt: skip
def test_the_same_name_is_known_through_brand_spaces_shouting_order_and_a_slip(title) -> None:
    assert verdict(title, None, NAMES) == ("link_by_name", NAMES[0])


@pytest.mark.parametrize("code", ["P00002", "p00002", " P00002 "])
def test_the_sellers_own_code_decides(code) -> None:
    assert verdict("가을 신상 가디건", code, NAMES) == ("link_by_code", NAMES[1])


def test_a_code_of_another_scheme_says_nothing() -> None:
    assert verdict(NAMES[2], "M-100", NAMES) == ("link_by_name", NAMES[2])
    assert verdict("도매 견적 문의", "M-100", NAMES) == ("link_unknown", None)


def test_a_code_that_a_name_contradicts_is_not_believed() -> None:
    (match,) = matched([(NAMES[0], "P00002")], NAMES)
    assert (match.code, match.product, match.evidence["products"]) == (
        "link_code_and_name_differ",
        None,
        [NAMES[1], NAMES[0]],
    )


@pytest.mark.parametrize("title, names", [
    ("시카 진정 토너 200ml", ["시카 진정 토너 300ml", "시카 진정 토너 500ml"]),
    ("베이직 코튼 셔츠 L", ["베이직 코튼 셔츠 M"]),
    ("햅쌀 10kg", ["햅쌀 20kg"]),
])  # fmt: skip
def test_another_amount_or_size_is_another_product(title, names) -> None:
    assert verdict(title, None, names) == ("link_unknown", None)


@pytest.mark.parametrize("title, names", [
    ("울 브이넥 크롭", NAMES),  # half a name
    ("라운드 가디건", NAMES),
    ("오늘담 시카 진정 토너", ["시카 진정 토너 200ml"]),  # which amount is not said
    ("울 니트 A", ["울 니트"]),
    ("캐시미어 라운드 롱 가디건 블루", ["캐시미어 라운드 롱 가디건 블랙"]),  # nearly, but another colour
    ("남성 기모 스트레이트 밴딩 청바지", ["여성 기모 스트레이트 밴딩 청바지"]),
    ("데님 조거 청바지", ["데님 조커 청바지", "데님 조거 청바치"]),  # a slip away from two
    ("울 체크 머플러", ["울 체크 머플러", "울  체크 머플러"]),  # two products of one name
])  # fmt: skip
def test_what_is_only_alike_is_told_and_not_linked(title, names) -> None:
    code, found = verdict(title, None, names)
    assert (code, found) == ("link_ambiguous", None)


def test_two_listings_for_one_product_and_a_place_already_taken_are_left_to_the_merchant() -> None:
    twice = matched([(NAMES[0], None), ("다른 이름", "P00001")], NAMES)
    assert [(m.code, m.product) for m in twice] == [("link_several_for_one", None)] * 2
    (taken,) = matched([(NAMES[0], None)], NAMES, frozenset({"prd_1"}))
    assert (taken.code, taken.product, [p.id for p in taken.candidates]) == ("link_already_listed", None, ["prd_1"])


WORDS = st.sampled_from(
    ["울", "니트", "가디건", "크롭", "롱", "블랙", "블루", "200ml", "300ml", "S", "M", "특가", "[오늘담]", "오늘담"]
)
NAME = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
CODE = st.none() | st.sampled_from(["P00001", "P00002", "p00003", "M-1"])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(NAME, CODE), max_size=5),
    st.lists(NAME, max_size=6),
    st.sets(st.sampled_from(["prd_1", "prd_2", "prd_3"])),
)
def test_whatever_is_registered_no_product_is_given_twice_and_no_taken_place_is_given(titles, names, listed) -> None:
    found = matched(titles, names, frozenset(listed))
    given_to = [match.product.id for match in found if match.product]
    assert len(given_to) == len(set(given_to)) and not set(given_to) & listed
    assert [match.listing.id for match in found] == [f"lst_{n}" for n in range(1, len(titles) + 1)]
    for match, (title, code) in zip(found, titles, strict=True):
        if match.code == "link_by_code":
            assert code and match.product and match.product.code == code.upper()
        if match.code == "link_by_name":
            assert match.product
            digits = [set(filter(str.isdigit, text)) for text in (title, match.product.name)]
            assert digits[0] == digits[1]
    again = matched(titles, names, frozenset(listed))
    assert [(m.code, m.product and m.product.id, m.evidence) for m in again] == [
        (m.code, m.product and m.product.id, m.evidence) for m in found
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=150) | NAME, st.sampled_from(OPEN_MARKETS), st.none() | st.text(max_size=30))
def test_an_exported_name_keeps_the_markets_limits_or_is_not_sent(name, market, brand) -> None:
    columns = listing_columns(product(1, name, brand), market)
    limits = limits_of(market).title
    if fits(columns["title"], market):
        assert 0 < limits.length(columns["title"]) <= limits.max
        assert all(map(limits.accepts, columns["title"]))
    assert listing_columns(product(1, name, brand), market) == columns
    assert (columns["market_product_no"], columns["state"]) == (None, "exporting")  # both are the market's to change


def test_a_plain_name_is_sent_much_as_it_is() -> None:
    for market in OPEN_MARKETS:
        title = listing_columns(product(1, NAMES[0]), market)["title"]
        assert fits(title, market) and similarity(title.removeprefix("오늘담 "), NAMES[0]) > 0.9

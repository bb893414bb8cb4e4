"""Coupang's search fields: filled from the product's own facts, and only where something is missing or broken."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.kit.hangul import compact
from backend.markets.categories import category_by_code, filter_accepts
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing
from backend.markets.promotion import promotion_spans
from backend.operations.catalogue.coupang_seo.improve import Rules, improve
from backend.operations.catalogue.loader import operation_named
from backend.products.models import Product, SaleStatus

OPERATION = operation_named("coupang_seo")
RULES = Rules.model_validate(OPERATION.config.rules)
LIMITS = limits_of(Market.COUPANG).tags
assert LIMITS is not None
CARDIGAN = {"소재": "울 70%, 폴리 30%", "색상": ["검정", "아이보리"], "사이즈": "FREE", "시즌": "가을"}


def listed(title: str, category: str, attributes: dict[str, Any], **fields: Any) -> tuple[Listing, Product]:
    product = Product(id="prd_1", shop_id="s", code="P00001", name=title, brand="루나핏", category=category, price=1,
                      status=SaleStatus.ON_SALE, attributes=attributes, registered_on=date(2026, 3, 2))  # fmt: skip
    values = {"category_code": None, "filters": {}, "keywords": [], **fields}
    return Listing(
        id="lst_1", shop_id="s", product_id="prd_1", market=Market.COUPANG, market_product_no="1", title=title, **values
    ), product


def improved(listing: Listing, product: Product) -> dict[str, Any]:
    """Writes what is proposed into the listing and returns it by field."""
    found = improve(listing, product, LIMITS, RULES)
    for better in found:
        assert getattr(listing, better.field) == better.before
        setattr(listing, better.field, better.after)
    return {better.field: better for better in found}


def test_an_empty_listing_is_filled_from_its_facts() -> None:
    listing, product = listed("루나핏 울 라운드 가디건", "여성의류 > 니트 > 가디건", CARDIGAN)
    found = improved(listing, product)
    category = category_by_code(listing.category_code, Market.COUPANG)
    assert category is not None and category.name == "패션의류잡화 > 여성패션 > 여성의류 > 가디건"
    assert listing.filters == {
        "색상계열": ["블랙", "아이보리"], "소재": ["울", "폴리에스터"], "사용계절": "가을", "패션의류 사이즈": "FREE",
    }  # fmt: skip
    assert {"블랙가디건", "울가디건", "아이보리", "니트"} <= set(listing.keywords)
    assert [better.code for better in found.values()] == ["category_missing", "filters_missing", "keywords_missing"]
    assert found["keywords"].evidence == {"count": len(listing.keywords)}


def test_a_keyword_that_only_repeats_the_name_is_not_made() -> None:
    listing, product = listed("블랙 울 가디건", "여성의류 > 니트 > 가디건", CARDIGAN)
    improved(listing, product)
    said = compact(listing.title)
    assert listing.keywords and not [word for word in listing.keywords if compact(word) in said]


def test_what_is_right_is_left_alone() -> None:
    mine = {"category_code": "64687", "filters": {"소재": "내 소재"}, "keywords": ["겨울 하객룩", "가디건"]}
    assert improved(*listed("울 가디건", "여성의류 > 니트 > 가디건", CARDIGAN, **mine)) == {}


def test_only_what_breaks_a_limit_is_replaced() -> None:
    listing, product = listed(
        "시카 진정 토너", "뷰티 > 스킨케어 > 토너", {"피부타입": "민감성"}, category_code="own-c2101",
        filters={"피부타입": "예민보스"}, keywords=["순한 토너", "무료배송 토너", "#진정", "가" * 21, "순한토너"],
    )  # fmt: skip
    found = improved(listing, product)
    assert listing.filters == {"피부타입": "민감성"}
    assert found["keywords"].evidence == {"keywords": ["무료배송 토너", "#진정", "가" * 21, "순한토너"]}
    assert listing.keywords[0] == "순한 토너"
    assert "순한토너" not in listing.keywords


def test_a_word_given_twice_is_named() -> None:
    listing, product = listed("시카 토너", "뷰티 > 토너", {}, keywords=["순한 토너", "순한 토너"])
    assert improved(listing, product)["keywords"].evidence == {"keywords": ["순한 토너"]}


def test_more_than_the_market_takes_is_cut_and_the_first_stay() -> None:
    many = [f"키워드{number}" for number in range(25)]
    listing, product = listed("시카 토너", "뷰티 > 토너", {}, keywords=many)
    assert improved(listing, product)["keywords"].evidence == {"keywords": many[20:]}
    assert listing.keywords == many[:20]


def test_a_product_nobody_can_place_gets_no_category_and_no_filters() -> None:
    assert {"category_code", "filters"}.isdisjoint(improved(*listed("정체불명 물건", "기타", {"색상": "블랙"})))


WORDS = st.sampled_from(
    ["울", "가디건", "무료배송", "[특가]", "★", "라운드넥", "블랙", "200ml", "토너", "H&M", "무료", "배송", "포근한"]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=40).map(" ".join))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    TEXT, st.sampled_from(["여성의류 > 니트 > 가디건", "뷰티 > 토너", "기타", "식품 > 과일"]),
    st.dictionaries(st.sampled_from(["소재", "색상", "용량", "효과", "원산지"]), st.one_of(TEXT, st.lists(WORDS, max_size=3)), max_size=4),
    st.lists(st.one_of(TEXT, WORDS), max_size=30), st.dictionaries(st.sampled_from(["소재", "색상계열", "향"]), WORDS, max_size=2),
)  # fmt: skip
def test_whatever_the_listing_holds_the_result_keeps_every_limit_and_is_final(
    title: str, category: str, attributes: dict[str, Any], keywords: list[str], filters: dict[str, Any]
) -> None:
    listing, product = listed(title, category, attributes, keywords=keywords, filters=filters)
    improved(listing, product)
    assert len(listing.keywords) <= 20
    assert all(
        LIMITS.valid(word) and len(word) <= 20 and not promotion_spans(word.split()) for word in listing.keywords
    )
    assert len({compact(word) for word in listing.keywords}) == len(listing.keywords)
    found = category_by_code(listing.category_code, Market.COUPANG)
    if found:
        assert all(filter_accepts(found, key, value, Market.COUPANG) for key, value in listing.filters.items())
    assert improved(listing, product) == {}

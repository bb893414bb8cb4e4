"""SmartStore's search fields: filled from the product's own facts, and only where something is missing or broken."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.markets.categories import category_by_code, filter_accepts
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing
from backend.markets.morphemes import nouns
from backend.markets.promotion import is_promotion, promotion_in
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.smartstore_seo.improve import Rules, improve
from backend.products.models import Product, SaleStatus

OPERATION = operation_named("smartstore_seo")
RULES = Rules.model_validate(OPERATION.config.rules)
LIMITS = limits_of(Market.SMARTSTORE)
CARDIGAN = {"소재": "울 70%, 폴리 30%", "색상": ["검정", "아이보리"], "사이즈": "FREE", "시즌": "가을"}


def listed(
    title: str, category: str, attributes: dict[str, Any], brand: str | None = "루나핏", **fields: Any
) -> tuple[Listing, Product]:
    product = Product(id="prd_1", shop_id="s", code="P00001", name=title, brand=brand, category=category, price=1,
                      status=SaleStatus.ON_SALE, attributes=attributes, registered_on=date(2026, 3, 2))  # fmt: skip
    values = {"category_code": None, "filters": {}, "page_title": None, "page_description": None, "tags": [], **fields}
    return Listing(
        id="lst_1",
        shop_id="s",
        product_id="prd_1",
        market=Market.SMARTSTORE,
        market_product_no="1",
        title=title,
        **values,
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
    category = category_by_code(listing.category_code)
    assert category is not None and category.name == "패션의류 > 여성의류 > 가디건"
    assert listing.filters == {"색상": ["블랙", "아이보리"], "소재": ["울", "폴리에스터"], "계절": "가을"}
    assert listing.page_title == "루나핏 울 라운드 가디건 | 니트 | 여성의류"
    assert (
        listing.page_description
        == "루나핏 울 라운드 가디건 · 소재 울 70%, 폴리 30% · 색상 검정, 아이보리 · 사이즈 FREE · 시즌 가을"
    )
    assert {"울가디건", "블랙가디건", "라운드"} <= set(listing.tags)
    assert "가디건" not in listing.tags and "루나핏" not in listing.tags  # the market tags category and brand by itself
    assert [better.code for better in found.values()] == [
        "category_missing", "filters_missing", "page_title_missing", "page_description_missing", "tags_missing",
    ]  # fmt: skip


def test_what_is_right_is_left_alone() -> None:
    mine = {
        "category_code": "50000807",
        "filters": {"소재": "내 소재"},
        "page_title": "내 제목",
        "page_description": "내 설명",
        "tags": ["내태그"],
    }
    listing, product = listed("울 가디건", "여성의류 > 니트 > 가디건", CARDIGAN, **mine)
    assert improved(listing, product) == {}


def test_only_what_breaks_a_limit_is_replaced() -> None:
    listing, product = listed(
        "시카 진정 토너", "뷰티 > 스킨케어 > 토너", {"피부타입": "민감성"}, category_code="own-2101",
        filters={"피부타입": "예민보스", "주요효과": "진정"}, page_title="오늘만 특가 토너", page_description="가" * 161,
        tags=["시카 토너", "#진정", "순한토너", "순한토너"],
    )  # fmt: skip
    found = improved(listing, product)
    assert listing.filters == {"주요효과": "진정", "피부타입": "민감성"}
    assert found["filters"].evidence == {"filters": {"피부타입": "예민보스"}}
    assert (found["page_title"].code, found["page_title"].evidence["words"]) == (
        "page_words_forbidden",
        ["오늘만", "특가"],
    )
    assert found["page_description"].evidence == {"length": 161, "limit": 160}
    assert listing.tags[0] == "순한토너"
    assert found["tags"].evidence["tags"] == ["시카 토너", "#진정"]
    assert listing.category_code == "own-2101"


def test_a_product_nobody_can_place_gets_no_category_and_no_filters() -> None:
    listing, product = listed("정체불명 물건", "기타", {"색상": "블랙"})
    assert {"category_code", "filters"}.isdisjoint(improved(listing, product))


def test_measures_and_adjectives_are_no_tags() -> None:
    listing, product = listed("촉촉한 수분 토너 200ml", "뷰티 > 토너", {"용량": "200ml", "효과": "보습"})
    improved(listing, product)
    assert not any(char.isdigit() for tag in listing.tags for char in tag)
    assert "촉촉한" not in listing.tags
    assert "보습토너" in listing.tags


def test_nouns_keep_joined_words_whole() -> None:
    assert "가디건" in nouns("따뜻한 가디건을")
    assert nouns("예쁘게 달린다") == ()


WORDS = st.sampled_from(
    [
        "울",
        "가디건",
        "무료배송",
        "[특가]",
        "★",
        "라운드넥",
        "블랙",
        "200ml",
        "토너",
        "H&M",
        "무료",
        "배송",
        "포근한",
        "데일리룩",
    ]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=40).map(" ".join))
MAYBE = st.one_of(st.none(), TEXT, st.just("가" * 170))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    TEXT, st.sampled_from(["여성의류 > 니트 > 가디건", "뷰티 > 토너", "기타", "식품 > 과일"]), st.one_of(st.none(), TEXT),
    st.dictionaries(st.sampled_from(["소재", "색상", "용량", "효과", "원산지"]), st.one_of(TEXT, st.lists(WORDS, max_size=3)), max_size=4),
    MAYBE, MAYBE, st.lists(TEXT, max_size=14), st.dictionaries(st.sampled_from(["소재", "색상", "향"]), WORDS, max_size=2),
)  # fmt: skip
def test_whatever_the_listing_holds_the_result_keeps_every_limit_and_is_final(
    title: str, category: str, brand: str | None, attributes: dict[str, Any], page_title: str | None,
    page_description: str | None, tags: list[str], filters: dict[str, Any],
) -> None:  # fmt: skip
    listing, product = listed(title, category, attributes, brand, page_title=page_title,
                              page_description=page_description, tags=tags, filters=filters)  # fmt: skip
    improved(listing, product)
    assert LIMITS.tags and LIMITS.page
    assert len(listing.tags) <= LIMITS.tags.max_count
    assert all(LIMITS.tags.valid(tag) and not is_promotion(tag) for tag in listing.tags)
    assert len({tag.casefold() for tag in listing.tags}) == len(listing.tags)
    if title.strip():
        assert len(listing.page_title or "") <= LIMITS.page.title_max
        assert len(listing.page_description or "") <= LIMITS.page.description_max
    found = category_by_code(listing.category_code)
    if found:
        assert all(filter_accepts(found, key, value) for key, value in listing.filters.items())
    assert improved(listing, product) == {}


def test_promotion_words_do_not_reach_a_written_page() -> None:
    listing, product = listed("[무료배송] 오늘만 특가 울 가디건", "여성의류 > 가디건", {"증정": "사은품"})
    improved(listing, product)
    assert promotion_in(listing.page_title or "") == []
    assert promotion_in(listing.page_description or "") == []

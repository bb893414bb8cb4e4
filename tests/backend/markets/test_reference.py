"""The market data that ships with the product is whole and says where it comes from."""

import pytest

from backend.markets.categories import (
    Category,
    category_by_code,
    category_of,
    category_tree,
    filter_accepts,
    filters_for,
)
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.limits import limits_of, promotion_words
from backend.markets.promotion import is_promotion, promotion_spans


@pytest.mark.parametrize("market", list(Market))
def test_every_market_has_limits_with_their_source(market: Market) -> None:
    limits = limits_of(market)
    assert limits.market is market
    assert limits.sources
    assert limits.title.max >= 50


@pytest.mark.parametrize("market", OPEN_MARKETS)
def test_open_markets_refuse_promotion_words_and_know_their_images(market: Market) -> None:
    limits = limits_of(market)
    assert limits.title.promotion_words
    assert limits.image is not None and limits.image.max_mb > 0


def test_a_market_that_counts_bytes_counts_a_syllable_as_two() -> None:
    title = limits_of(Market.GMARKET).title
    assert title.length("가디건 M") == 8
    assert not title.accepts("😀")


@pytest.mark.parametrize("word", ["무료배송", "50%할인", "특가세일", "SALE", "최저가!", "단하루특가"])
def test_a_word_that_only_sells_is_promotion(word: str) -> None:
    assert is_promotion(word)


@pytest.mark.parametrize("word", ["세일러", "할인마트용품", "특가방", "가디건", "100%", "1+1", "무배색", ""])
def test_a_word_that_names_something_is_not_promotion(word: str) -> None:
    assert not is_promotion(word)


def test_a_phrase_written_apart_is_promotion_as_a_whole() -> None:
    assert promotion_spans(["무료", "배송", "울", "가디건"]) == [(0, 2)]
    assert promotion_spans(["무료", "샘플", "배송"]) == []


def test_promotion_words_are_listed_once() -> None:
    words = promotion_words().words
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("여성의류 > 니트 > 가디건", "울 가디건", "패션의류 > 여성의류 > 가디건"),
        ("남성의류 > 니트", "램스울 스웨터", "패션의류 > 남성의류 > 니트"),
        ("여성의류 > 청바지", "와이드 데님", "패션의류 > 여성의류 > 청바지"),
        ("뷰티 > 스킨케어 > 토너", "시카 토너 200ml", "화장품/미용 > 스킨케어 > 스킨/토너"),
        ("식품 > 과일", "제주 감귤", "식품 > 농산물 > 과일"),
        ("리빙 > 침구", "알러지케어 이불", "가구/인테리어 > 침구 > 이불/침구세트"),
        ("신상", "코튼 에코백", "패션잡화 > 여성가방 > 에코백"),
    ],
)
def test_a_products_own_category_leads_to_the_markets(path: str, name: str, expected: str) -> None:
    category = category_of(path, name)
    assert category is not None and category.name == expected


def test_an_unknown_thing_gets_no_category() -> None:
    assert category_of("기타", "정체불명") is None
    assert category_by_code("50000807") is None


def test_every_category_is_found_by_its_own_path() -> None:
    for category in category_tree().categories:
        found = category_of(category.name, "")
        assert found is not None and found.path[:-1] == category.path[:-1], category.name


def test_filters_speak_the_markets_words() -> None:
    cardigan = category_of("여성의류 > 가디건", "")
    assert cardigan is not None
    facts = {"소재": "울 70%, 폴리 30%", "색상": ["검정", "오프화이트"], "계절": "서울", "세탁": "드라이"}
    assert filters_for(cardigan, facts) == {"색상": ["블랙", "화이트"], "소재": ["울", "폴리에스터"]}
    for name, value in filters_for(cardigan, facts).items():
        assert filter_accepts(cardigan, name, value)
    assert not filter_accepts(cardigan, "소재", "울 70%")
    assert not filter_accepts(cardigan, "향", "우디")


@pytest.mark.parametrize(
    ("market", "category"),
    [
        (market, category)
        for market in (Market.SMARTSTORE, Market.COUPANG)
        for category in category_tree(market).categories
    ],
    ids=lambda given: given.code if isinstance(given, Category) else given.value,
)
def test_every_way_to_say_an_option_leads_to_it(market: Market, category: Category) -> None:
    for key in category.filters:
        spec = category_tree(market).filters[key]
        for option, ways in spec.options.items():
            for way in (option, *ways):
                said = filters_for(category, {spec.sources[0]: way}, market).get(spec.name)
                assert option in (said if isinstance(said, list) else [said]), f"{spec.name}: {way} -> {said}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("여성의류 > 니트 > 가디건", "패션의류잡화 > 여성패션 > 여성의류 > 가디건"),
        ("남성의류 > 니트", "패션의류잡화 > 남성패션 > 남성의류 > 니트/스웨터"),
        ("화장품/미용 > 스킨케어 > 스킨/토너", "뷰티 > 스킨 > 스킨/토너"),
        ("식품 > 가공식품 > 장류", "식품 > 장/소스 > 잼/꿀/소스"),
    ],
)
def test_coupang_has_a_tree_of_its_own(path: str, expected: str) -> None:
    category = category_of(path, "", Market.COUPANG)
    assert category is not None and category.name == expected
    assert category_by_code(category.code, Market.COUPANG) == category
    assert category_by_code(category.code) is None  # not SmartStore's


def test_every_coupang_category_is_found_by_its_own_path() -> None:
    for category in category_tree(Market.COUPANG).categories:
        assert category_of(category.name, "", Market.COUPANG) == category


def test_the_same_fact_is_said_in_each_markets_own_filter() -> None:
    facts = {"색상": "검정", "시즌": "가을"}
    cardigan = category_of("여성의류 > 가디건", "", Market.COUPANG)
    assert cardigan is not None
    assert filters_for(cardigan, facts, Market.COUPANG) == {"색상계열": "블랙", "사용계절": "가을"}
    assert not filter_accepts(cardigan, "색상", "블랙", Market.COUPANG)


def test_a_market_without_a_tree_is_not_guessed() -> None:
    with pytest.raises(FileNotFoundError):
        category_tree(Market.GMARKET)


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("울 가디건", True),
        ("울가디건", True),
        (" 울", False),
        ("울  가디건", False),
        ("울,면", False),
        ("가" * 21, False),
    ],
)
def test_a_coupang_keyword_may_hold_single_spaces_and_no_symbol(word: str, right: bool) -> None:
    coupang, smartstore = limits_of(Market.COUPANG).tags, limits_of(Market.SMARTSTORE).tags
    assert coupang is not None and coupang.valid(word) is right
    assert smartstore is not None and not (smartstore.valid(word) and " " in word)

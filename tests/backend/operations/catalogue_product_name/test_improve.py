"""Names that every market accepts, made of the product's own words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.promotion import promotion_spans
from backend.operations.catalogue.product_name.improve import ProductFacts, improve
from backend.operations.catalogue.product_name.words import clean

CARDIGAN = ProductFacts(
    "루나핏", "여성의류 > 니트 > 가디건", {"소재": "울 100%", "색상": ["블랙", "화이트"], "사이즈": "FREE"}
)
WORDS = st.sampled_from(
    [
        "루나핏",
        "가디건",
        "울",
        "라운드",
        "[무료배송]",
        "★특가★",
        "블랙",
        "화이트",
        "니트(블랙)",
        "50%할인",
        "세일러",
        "무료",
        "배송",
        "최저가!",
        "FREE",
        "울",
        "100%",
        "A/B",
        "【당일출고】",
        "롱가디건",
        "😀",
        "“데일리”",
        "S~XL",
        "1+1",
        "뷁뷁",
        "café",
        "<신상>",
        "*한정*",
        "-",
        "&",
        "|",
        "핫딜,",
        "루나핏가디건",
        "대용량500ml",
        "500ml",
        "sale",
        "Sale",
    ]
)
NAMES = st.one_of(
    st.text(max_size=160),
    st.lists(st.one_of(WORDS, st.text(alphabet="가나다라마ABCab12()[]*! ", max_size=8)), max_size=40).map(" ".join),
)
FACTS = st.builds(
    ProductFacts,
    st.one_of(
        st.none(), st.sampled_from(["루나핏", "루나 핏", "SALE", "무배", "H&M", "ab*c", "가"]), st.text(max_size=12)
    ),
    st.sampled_from(["여성의류 > 니트 > 가디건", "뷰티 > 스킨케어 > 토너/미스트", "식품 > 김치"]),
    st.dictionaries(
        st.sampled_from(["소재", "색상", "사이즈", "용량", "기능", "원산지"]),
        st.one_of(WORDS, st.lists(WORDS, max_size=3), st.text(max_size=20), st.integers(0, 999)),
        max_size=4,
    ),
)
MARKETS = st.sampled_from(list(Market))
thorough = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def better(title: str, market: Market, facts: ProductFacts = CARDIGAN) -> str:
    return improve(title, facts, limits_of(market).title).title


@thorough
@given(NAMES, FACTS, MARKETS)
def test_an_improved_name_keeps_every_limit_of_its_market(title: str, facts: ProductFacts, market: Market) -> None:
    limits = limits_of(market).title
    result = improve(title, facts, limits)
    assert limits.length(result.title) <= limits.max
    assert all(limits.accepts(char) for char in result.title)
    words = result.title.split()
    if limits.promotion_words:
        assert promotion_spans(words) == []
    if limits.brackets == "unwrap":
        assert not set(result.title) & set("[]()【】")
        assert len({word.casefold() for word in words}) == len(words)
    assert result.title == " ".join(words)


@thorough
@given(NAMES, FACTS, MARKETS)
def test_improving_twice_changes_nothing(title: str, facts: ProductFacts, market: Market) -> None:
    limits = limits_of(market).title
    once = improve(title, facts, limits)
    twice = improve(once.title, facts, limits)
    assert twice.title == once.title
    assert twice.reasons == []
    assert bool(once.reasons) == (once.title != title)


@thorough
@given(NAMES, FACTS, MARKETS)
def test_no_letter_of_an_improved_name_is_invented(title: str, facts: ProductFacts, market: Market) -> None:
    known = " ".join([title, facts.brand or "", facts.category, str(facts.attributes)]).casefold()
    improved = improve(title, facts, limits_of(market).title).title
    for word in improved.split():
        assert word.casefold() in known or word.casefold() in " ".join(clean(known, limits_of(market).title).tokens)


@thorough
@given(NAMES, MARKETS)
def test_the_word_of_the_category_survives_any_shortening(noise: str, market: Market) -> None:
    improved = better(f"{noise} 가디건", market)
    assert "가디건" in improved


@pytest.mark.parametrize(
    ("title", "market", "expected"),
    [
        ("[무료배송] 루나핏 울 라운드 가디건", Market.SMARTSTORE, "루나핏 울 라운드 가디건"),
        ("★오늘만 특가★ 울 라운드 가디건 가디건 50%할인!", Market.SMARTSTORE, "루나핏 울 라운드 가디건"),
        ("무료 배송 울 가디건", Market.GMARKET, "울 가디건"),
        ("세일러 카라 가디건", Market.AUCTION, "세일러 카라 가디건"),
        ("루나핏가디건", Market.SMARTSTORE, "루나핏 가디건"),
        ("블랙 울 가디건 루나핏", Market.COUPANG, "루나핏 울 가디건 FREE 블랙"),
        ("라운드 가디건(블랙)", Market.COUPANG, "루나핏 라운드 가디건 울 100% FREE 블랙"),
        ("울 가디건 쀍♥ 😀", Market.ELEVENST, "울 가디건 쀍"),
        ("한정 수량 무료 배송 특가", Market.GMARKET, "가디건"),
        ("[무료배송] 울 가디건  가디건", Market.MALL, "[무료배송] 울 가디건"),
    ],
)
def test_a_name_becomes(title: str, market: Market, expected: str) -> None:
    assert better(title, market) == expected


def test_a_name_of_fifty_syllables_fits_a_market_that_counts_bytes() -> None:
    title = "부드러운데일리 " * 1 + " ".join(f"설명{i}번" for i in range(30)) + " 라운드 가디건"
    improved = better(title, Market.GMARKET)
    assert len(improved.encode("cp949")) <= 100
    assert improved.endswith("가디건")
    assert len(improved.encode("cp949")) > 80


def test_several_colours_are_options_and_never_enter_the_name() -> None:
    assert "화이트" not in better("라운드 가디건", Market.COUPANG)


def test_each_reason_carries_what_it_saw() -> None:
    result = improve("[특가] *울 가디건 가디건*", CARDIGAN, limits_of(Market.SMARTSTORE).title)
    assert dict(result.reasons) == {
        "title_forbidden_character": {"characters": ["*"]},
        "title_promotion_word": {"words": ["특가"]},
        "title_repeated_word": {"words": ["가디건"]},
        "title_bracket_clutter": {"brackets": ["[", "]"]},
        "title_brand_missing": {"brand": "루나핏"},
    }


def test_an_over_long_name_says_how_long_in_the_markets_own_unit() -> None:
    title = "가디건 " + "포근한 " * 30
    codes = dict(improve(title, CARDIGAN, limits_of(Market.AUCTION).title).reasons)
    assert codes["title_too_long"] == {"length": len(title.encode("cp949")), "limit": 100, "unit": "bytes"}


def test_a_word_cut_down_to_promotion_goes_as_well() -> None:
    title = "할인" * 50 + "가방"
    once = better(title, Market.SMARTSTORE)
    assert once == better(once, Market.SMARTSTORE) == "루나핏 가디건"

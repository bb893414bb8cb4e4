"""Names, shapes and dates found in sentences, whatever the spacing, particles and typos."""

from __future__ import annotations

from datetime import date

import pytest

pytest.importorskip("kiwipiepy")

from bot.language.entities import find_entities

TODAY = date(2025, 11, 19)  # a Wednesday


def found(text: str) -> list[tuple[str, object]]:
    return [(entity["entity"], entity["value"]) for entity in find_entities(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "market"),
    [
        ("쿠팡에서요", "coupang"),
        ("스스는요", "smartstore"),
        ("스마트 스토어요", "smartstore"),
        ("지마켓만요", "gmarket"),
        ("쥐마켓이요", "gmarket"),
        ("G마켓도", "gmarket"),
        ("십일번가에", "11st"),
        ("우리 쇼핑몰이요", "mall"),
        ("스마트스토어쪽만요", "smartstore"),
    ],
)
def test_a_market_is_found_under_its_nicknames_and_before_any_particle(text: str, market: str) -> None:
    assert ("market", market) in found(text)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("메인진열 꺼주세요", "main_display"),
        ("메인 상품 배치가 자꾸 바뀌어요", "main_display"),
        ("매인진열 꺼조", "main_display"),
        ("상품명 바뀌는 거 왜 그래요", "product_name"),
        ("쿠폰 자동발행 멈춰주세요", "promotion_coupon"),
        ("원뿔딜은 뭐예요", "one_plus_deal"),
        ("스마트스토어검색최적화꺼주세요", "smartstore_seo"),
        ("상세패이지 개선", "smartstore_detail"),
    ],
)
def test_an_operation_is_found_without_spaces_and_with_a_typo(text: str, operation: str) -> None:
    assert ("operation", operation) in found(text)


def test_the_longest_name_wins_over_the_market_inside_it() -> None:
    assert found("쿠팡 검색 최적화 꺼주세요") == [("operation", "coupang_seo")]


@pytest.mark.parametrize("text", ["상품평 어디서 봐요", "쿠팡맨 언제 와요", "네이버페이 되나요", "다음에 할게요"])
def test_a_word_that_only_looks_alike_is_left_alone(text: str) -> None:
    assert not [name for name, _ in found(text) if name in {"market", "operation", "scope"}]


def test_places_point_at_the_name_without_its_particle() -> None:
    text = "어제 쿠팡에서 상품명이 바뀌었어요"
    for entity in find_entities(text, TODAY):
        assert text[entity["start"] : entity["end"]] in {"어제", "쿠팡", "상품명"}


def test_excluded_names_carry_a_role_and_the_others_do_not() -> None:
    roles = {e["value"]: e.get("role") for e in find_entities("쿠팡이랑 지마켓 빼고 전부 꺼주세요", TODAY)}
    assert roles == {"coupang": "excluded", "gmarket": "excluded", "except": None, "all": None}


def test_not_this_but_that_excludes_only_this() -> None:
    roles = {e["value"]: e.get("role") for e in find_entities("지마켓 말고 옥션만 꺼주세요", TODAY)}
    assert roles == {"gmarket": "excluded", "except": None, "auction": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WR-12 취소해주세요", ("request_no", "WR-12")),
        ("12번 요청 어떻게 됐나요", ("request_no", "WR-12")),
        ("맨 앞에 놔주세요", ("position", 1)),
        ("3번 자리에 고정", ("position", 3)),
        ("두 번째 거요", ("ordinal", 2)),
        ("마지막 거요", ("ordinal", -1)),
        ("3번이요", ("ordinal", 3)),
        ("5점이요", ("rating", 5)),
        ("별점 1개요", ("rating", 1)),
        ("불만족이에요", ("rating", "dissatisfied")),
        ("만족합니다", ("rating", "satisfied")),
        ("방금 그거 취소", ("reference", "last")),
    ],
)
def test_numbers_places_choices_and_ratings_have_computed_values(text: str, expected: tuple[str, object]) -> None:
    assert expected in found(text)


def test_a_market_named_by_a_number_is_not_a_choice() -> None:
    assert found("11번가요") == [("market", "11st")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("다음주 금요일까지 꺼주세요", ("date", "2025-11-28")),
        ("이번 달 말까지요", ("date", "2025-11-30")),
        ("모레요", ("date", "2025-11-21")),
        ("어제 뭐 했어요", ("period", {"from": "2025-11-18", "to": "2025-11-18"})),
        ("지난주에 뭐 했어요", ("period", {"from": "2025-11-10", "to": "2025-11-16"})),
    ],
)
def test_a_limit_is_a_date_and_what_lies_behind_is_a_period(text: str, expected: tuple[str, object]) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20261121-0000012 주문 보여줘", "20261121-0000012"),
        ("202611210000012 조회", "20261121-0000012"),
        ("뒷자리 0012 주문", "0012"),
        ("공공일이번 주문 취소", "0012"),
        ("주문번호 CP-88120347의 수령인", "CP-88120347"),
    ],
)
def test_an_order_is_found_by_any_spelling_of_its_number(text: str, number: str) -> None:
    assert ("order_no", number) in found(text)


@pytest.mark.parametrize(
    ("text", "courier", "number"),
    [
        ("송장 CJ 6123 4567 8901 등록해줘", "cj", "612345678901"),
        ("우체국 6892-1140-0073 등록", "epost", "689211400073"),
        ("로젠 육사공이 삼삼팔공 오오일이 이에요", "logen", "640233805512"),
        ("0101cj입력640299100346", "cj", "640299100346"),
    ],
)
def test_a_tracking_number_is_read_without_what_stands_between_its_digits(text: str, courier: str, number: str) -> None:
    assert {("courier", courier), ("tracking_no", number)} <= set(found(text))


@pytest.mark.parametrize(
    "text", ["010-1234-5678로 전화 주세요", "가격은 15,000원으로", "2026년 11월 매출", "WR-12 철회"]
)
def test_telephone_amount_year_and_request_are_no_numbers_of_orders(text: str) -> None:
    assert not {name for name, _ in found(text)} & {"order_no", "tracking_no"}


def test_each_line_of_a_pasted_list_keeps_its_own_numbers() -> None:
    text = "0012 CJ 6123 4567 8901\n0015 한진 417730092218"
    assert [value for name, value in found(text) if name in ("order_no", "tracking_no")] == [
        "0012", "612345678901", "0015", "417730092218",
    ]  # fmt: skip

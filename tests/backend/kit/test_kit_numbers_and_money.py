"""Numerals and amounts, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kit.money import find_won, format_won, parse_won
from backend.kit.numbers import find_numbers, parse_number

amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("스물세 개", 23), ("열두", 12), ("하나", 1), ("백이십", 120), ("두 벌", 2), ("스무 장", 20), ("백스물셋", 123),
        ("삼만오천", 35000), ("1만 5천", 15000), ("1.5만", 15000), ("3천5백", 3500), ("12,000", 12000), ("만", 10000),
        ("천이백삼십사", 1234), ("영", 0), ("아흔아홉 건", 99), ("3개", 3), ("십이 건", 12), ("억", 10**8),
    ],
)  # fmt: skip
def test_reads_a_number(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "니트", "일이삼", "만천만", "1.5", "열스물", "개", "3개 2개", "백백", "-"])
def test_refuses_what_is_not_one_number(text):
    assert parse_number(text) is None


def test_finds_numbers_with_their_counters():
    text = "니트 세 개랑 열두 벌, 12,000원짜리 2장, 이십 개, 1만 5천 원"
    found = [(m.value, m.unit) for m in find_numbers(text)]
    assert found == [(3, "개"), (12, "벌"), (12000, "원"), (2, "장"), (20, "개"), (15000, "원")]


@pytest.mark.parametrize(
    "text", ["세일 중이에요", "일단 꺼줘", "이 건은 취소", "구분 없이", "조건이 뭐야", "열매", "만일", "세종", "공개"]
)
def test_does_not_take_words_for_numbers(text):
    assert find_numbers(text) == []


@pytest.mark.parametrize(
    ("amount", "plain", "units"),
    [
        (12000, "12,000원", "1만 2,000원"),
        (123_000_000, "123,000,000원", "1억 2,300만 원"),
        (-123_004_500, "-123,004,500원", "-1억 2,300만 4,500원"),
        (500, "500원", "500원"),
        (0, "0원", "0원"),
        (-5000, "-5,000원", "-5,000원"),
    ],
)
def test_writes_an_amount(amount, plain, units):
    assert (format_won(amount), format_won(amount, "units")) == (plain, units)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3만원", 30000), ("1만 5천원", 15000), ("5,000", 5000), ("오천원", 5000), ("삼만오천원", 35000), ("만원", 10000),
        ("3만", 30000), ("5천만", 50_000_000), ("3만원으로", 30000), ("3만원만", 30000), ("1.5만원", 15000),
        ("₩12,000", 12000), ("-5,000원", -5000), ("마이너스 3천원", -3000), ("12만3천4백원", 123_400), ("20000 원", 20000),
    ],
)  # fmt: skip
def test_reads_an_amount(text, amount):
    assert parse_won(text) == amount


@pytest.mark.parametrize("text", ["", "원", "니트", "1.5원", "3만원 5만원", "12,00", "공짜", "-"])
def test_refuses_what_is_not_an_amount(text):
    assert parse_won(text) is None


def test_finds_amounts_in_a_sentence():
    text = "니트를 3만 5천원으로, 원피스 2장은 오천원 할인하고 12,000 원"
    assert [(m.amount, text[m.start : m.end]) for m in find_won(text)] == [
        (35000, "3만 5천원"),
        (5000, "오천원"),
        (12000, "12,000 원"),
    ]


@given(amounts, st.sampled_from(["plain", "units"]))
def test_reads_back_what_it_writes(amount, style):
    assert parse_won(format_won(amount, style)) == amount


@given(st.text(max_size=60))
def test_never_raises_and_slices_back(text):
    parse_number(text)
    parse_won(text)
    for mention in find_numbers(text):
        assert text[mention.start : mention.end] == mention.text
    for money in find_won(text):
        assert text[money.start : money.end] == money.text


@given(st.text(alphabet="일이삼사오육칠팔구십백천만억조영열스물하나둘세 0123456789,.원개-", max_size=25))
def test_never_raises_on_numeral_soup(text):
    parse_number(text)
    parse_won(text)
    find_numbers(text)
    find_won(text)

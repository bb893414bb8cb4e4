"""Couriers are known by what people call them, and a number is refused only where it cannot be theirs."""

import pytest

from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.shipping.couriers import bare_number, courier_named, couriers


@pytest.mark.parametrize("said, key", [
    ("CJ대한통운", "cj"), ("cj", "cj"), ("대한통운", "cj"), (" CJ 대한 통운 ", "cj"), ("씨제이", "cj"), ("CJGLS", "cj"),
    ("한진", "hanjin"), ("한진택배", "hanjin"), ("롯데 택배", "lotte"), ("현대택배", "lotte"), ("우체국", "epost"),
    ("로젠", "logen"), ("KGB", "logen"), ("경동", "kdexp"), ("대신택배", "daesin"), ("EMS", "ems"), ("페덱스", "fedex"),
    ("편의점택배", "cvsnet"), ("CU 편의점택배", "cupost"),
])  # fmt: skip
def test_a_courier_is_known_by_what_people_call_it(said: str, key: str) -> None:
    found = courier_named(said)
    assert found is not None and found.key == key


@pytest.mark.parametrize("said", ["", "택배", "새벽배송", "123", "0006"])
def test_no_courier_is_guessed(said: str) -> None:
    assert courier_named(said) is None


def test_no_name_means_two_couriers() -> None:
    names: dict[str, str] = {}
    for key, courier in couriers().items():
        for said in (courier.name, *courier.aliases):
            assert names.setdefault(said, key) == key
            assert courier_named(said) is courier


def test_every_courier_has_a_name_in_the_answers_and_a_code_on_each_of_the_three_markets() -> None:
    assert wording().named("courier") == {key: courier.name for key, courier in couriers().items()}
    for courier in couriers().values():
        for market in (Market.MALL, Market.SMARTSTORE, Market.COUPANG):
            assert courier.code_on(market)
        assert courier.code_on(Market.GMARKET) == courier.key


@pytest.mark.parametrize("key, number, fits", [
    ("cj", "612345678901", True), ("cj", "6123456789", True), ("cj", "61234567890", False), ("epost", "6123456789012", True),
    ("epost", "612345678901", False), ("logen", "12345678901", True), ("ems", "EE123456785KR", True),
    ("ems", "EE123456784KR", False), ("ems", "123456789012", False), ("ups", "1Z999AA10123456784", True), ("cj", "६१२३४५६७८९", False),
])  # fmt: skip
def test_a_number_has_its_couriers_shape(key: str, number: str, fits: bool) -> None:
    assert couriers()[key].accepts(number) is fits


@pytest.mark.parametrize("written", ["6123-4567-8901", "6123 4567 8901", "６１２３４５６７８９０１", "6123–4567–8901"])
def test_a_number_is_read_without_what_people_write_into_it(written: str) -> None:
    assert bare_number(written) == "612345678901"

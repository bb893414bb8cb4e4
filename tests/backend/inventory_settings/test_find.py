"""Which setting a sentence speaks of and what it wants of it."""

from typing import Any

import pytest

from backend.inventory_settings.catalogue import SETTINGS
from backend.inventory_settings.edits import Edit, edited
from backend.inventory_settings.find import found
from backend.inventory_settings.words import words


@pytest.mark.parametrize(("text", "key", "edit"), [
    ("도서산간 표시 꺼줘", "remote_area_marking", {"value": False}),
    ("도서산간표시켜줘", "remote_area_marking", {"value": True}),
    ("도서산간 표시하지 마", "remote_area_marking", {"value": False}),
    ("도서산깐 표시 켜줘", "remote_area_marking", {"value": True}),
    ("할당 기준 제한없음으로 바꿔줘", "allocation_basis", {"value": "unlimited"}),
    ("재고 할당 기준을 현재재고로 해주세요", "allocation_basis", {"value": "current"}),
    ("할당기준 현재재고 말고 제한없음으로", "allocation_basis", {"value": "unlimited"}),
    ("할당 기준을 제한없음에서 현재재고로 바꿔줘", "allocation_basis", {"value": "current"}),
    ("제한없음으로 바꿔줘", "allocation_basis", {"value": "unlimited"}),
    ("마켓 전송 기준 가용재고로", "market_stock_basis", {"value": "available"}),
    ("마켓전송기준을 기본값으로 되돌려줘", "market_stock_basis", {"reset": True}),
    ("지연 기준 3일로", "delay_marking", {"part": {"days": 3}}),
    ("배송지연 표시 꺼줘", "delay_marking", {"part": {"on": False}}),
    ("수집 제외에 '샘플' 추가", "collection_excluded", {"add": "샘플"}),
    ("수집 제외에 개인결제창 추가해줘", "collection_excluded", {"add": "개인결제창"}),
    ("샘플은 수집에서 빼줘", "collection_excluded", {"add": "샘플"}),
    ("수집 제외에서 샘플 빼줘", "collection_excluded", {"remove": "샘플"}),
    ("옵션태그에 한정판매 추가", "option_tags", {"add": "한정판매"}),
    ("옵션태그에서 '프로모션 상품' 삭제", "option_tags", {"remove": "프로모션 상품"}),
    ("배송 전 취소 합포금지 켜줘", "cancel_before_shipping", {"part": {"merge_forbidden": True}}),
    ("배송 후 취소 보류 꺼줘", "cancel_after_shipping", {"part": {"hold": False}}),
    ("교환배송비 3000원으로", "exchange_after_shipping", {"part": {"exchange_fee": 3000}}),
    ("배송 전 교환 배송비 2,500원으로", "exchange_before_shipping", {"part": {"exchange_fee": 2500}}),
    ("도서산간에 12345-12350 추가", "remote_areas", {"add": "12345-12350"}),
    ("도서산간에서 63000~63644 빼줘", "remote_areas", {"remove": "63000-63644"}),
    ("배송 차질 지역에 63000부터 63100까지 추가", "disruption_regions", {"add": "63000-63100"}),
    ("송장 크기 cj 100x150으로", "label_forms", {"part": {"cj": {"width": 100.0, "height": 150.0}}}),
    ("한진 송장양식 가로 100 세로 180", "label_forms", {"part": {"hanjin": {"width": 100, "height": 180}}}),
    ("송장에 바코드도 넣어줘", "label_products", {"add": "barcode"}),
    ("송장 상품 목록에서 옵션 빼줘", "label_products", {"remove": "option"}),
    ("송장 출력 순서 상품별로", "label_print_order", {"value": "product"}),
    ("송장 순서를 받는 분 이름순으로 해줘", "label_print_order", {"value": "recipient"}),
    ("재고조사 알림 15일로", "stock_check_reminder", {"part": {"day": 15}}),
    ("중복 주문번호는 덮어쓰기로", "duplicate_order_no", {"value": "update"}),
    ("사은품은 부분배송일 때도", "gift_allocation", {"value": "partial_too"}),
    ("통합주문관리 꺼줘", "integrated_orders", {"value": False}),
    ("매칭은 코드로만 기준 매칭 기준", "matching_basis", {"value": "code"}),
    ("할당 우선순위 금액 큰 순으로", "allocation_priority", {"value": "dearest"}),
    ("바코드 종류 큐알로", "barcode_form", {"part": {"symbology": "qr"}}),
    ("바코드 규격 50x30", "barcode_form", {"part": {"width": 50.0, "height": 30.0}}),
    ("미할당 합포금지 풀어줘", "split_forbids_merge", {"value": False}),
    ("반품 재고 증가 꺼줘", "restock_on_pickup", {"value": False}),
    ("연동 택배사에 롯데 추가", "linked_couriers", {"add": "lotte"}),
    ("지난 입고예정일 표시 꺼줘", "overdue_display", {"value": False}),
    ("재고 부족 알림 꺼줘", "low_stock_reminder", {"value": False}),
    ("쇼핑몰 재고수량 연동 사용함으로", "mall_quantity_sync", {"value": True}),
    ("상품 자동연동 사용안함", "product_sync", {"value": False}),
    ("업데이트 제외에 개인결제 추가", "product_update_excluded", {"add": "개인결제"}),
    ("임의재고 수량 오백 개로", "market_stock_arbitrary", {"value": 500}),
    ("마켓 전송 기준이 무슨 뜻이야", "market_stock_basis", None),
    ("사은품 할당기준은 어떻게 돼 있어?", "gift_allocation", None),
])  # fmt: skip
def test_a_sentence_names_a_setting_and_a_value(text: str, key: str, edit: dict[str, Any] | None) -> None:
    best = found(text).settings
    assert [one.key for one in best] == [key]
    assert best[0].edit == edit


def test_a_number_after_the_basis_is_the_arbitrary_number() -> None:
    best = found("임의재고 500으로 보내줘").settings[0]
    assert (best.key, best.edit) == ("market_stock_basis", {"value": "arbitrary"})
    assert best.also == [{"key": "market_stock_arbitrary", "value": 500}]


def test_a_value_of_two_settings_leaves_both() -> None:
    assert {one.key for one in found("현재재고로 바꿔줘").settings} == {"allocation_basis", "market_stock_basis"}


@pytest.mark.parametrize(("text", "section"), [
    ("재고 설정 보여줘", "stock"), ("주문 설정 뭐 있어", "orders"), ("CS 설정 다 보여줘", "cs"), ("공통 설정은?", "common"),
])  # fmt: skip
def test_a_section_is_found(text: str, section: str) -> None:
    said = found(text)
    assert said.section == section
    assert not said.settings


@pytest.mark.parametrize("text", ["", " ", "안녕하세요", "롱패딩 몇 개 남았어?", "????", "63000", "오늘 날씨 어때"])
def test_what_speaks_of_none_finds_none(text: str) -> None:
    assert found(text).settings == []


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_every_name_and_alias_finds_its_setting(key: str) -> None:
    spoken = words().settings[key]
    for name in (spoken.name, *spoken.aliases):
        assert key in [one.key for one in found(name).settings], name


CHOICES = sorted(key for key in SETTINGS if words().settings[key].values and not words().settings[key].element)


def test_there_are_settings_with_choices() -> None:
    assert {"allocation_basis", "matching_basis", "overdue_display"} <= set(CHOICES)


@pytest.mark.parametrize("key", CHOICES)
def test_every_choice_is_understood_and_fits(key: str) -> None:
    setting, spoken = SETTINGS[key], words().settings[key]
    for value, known in spoken.values.items():
        for said in (known.name, *known.aliases):
            best = next(one for one in found(f"{spoken.name} {said}로 바꿔줘").settings if one.key == key)
            assert best.edit is not None, said
            as_wire = setting.adapter.dump_python(edited(setting, setting.default, Edit(**best.edit)), mode="json")
            assert str(as_wire).lower() == value, said

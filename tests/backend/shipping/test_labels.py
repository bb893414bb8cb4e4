"""Labels are read back out of the PDF: their size, their order, and that nothing is cut."""

import base64
import re
from io import BytesIO

import barcode
import pypdf
import pytest

from backend.documents.kinds import kind_named
from backend.errors import OpsTalkError
from backend.shipping.labels import LabelsParams, barcode_of
from backend.shipping.masking import masked_name, masked_phone
from tests.backend.shipping.build import add_item, add_line, add_order, label, parcel_of, set_to

MM = 72 / 25.4


def printed(session, shop, orders) -> pypdf.PdfReader:
    ids = [parcel_of(session, order).id for order in orders]
    file = kind_named("labels").make(session, shop, LabelsParams(shipment_ids=ids))
    assert file.media_type == "application/pdf"
    return pypdf.PdfReader(BytesIO(file.body))


def text_of(page: pypdf.PageObject) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


def size_of(page: pypdf.PageObject) -> tuple[int, int]:
    return round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM)


def labelled(session, shop, owner, number=1, items=None, courier_no="612345678901", **over):
    order = add_order(session, shop, items or [(add_item(session, shop, number), 2)], number, **over)
    label(session, owner, order, courier_no)
    return order


def test_a_label_says_who_where_what_and_masks_the_name(session, shop, owner) -> None:
    order = labelled(session, shop, owner, remote_area="제주")
    (page,) = printed(session, shop, [order]).pages
    text = text_of(page)
    for said in ("CJ대한통운", "612345678901", "S20261118-00001", "20261118-0000001", "김*수", "010-****-5678", "(06236)",
                 "서울 강남구 테헤란로 1", "도서산간 제주", "문 앞에 놓아 주세요", "oneul 상점", "니트 1", "블랙", "2개"):  # fmt: skip
        assert said in text, said
    assert "김민수" not in text
    assert size_of(page) == (123, 100)


def test_each_couriers_form_decides_its_size_and_what_it_shows(session, shop, owner) -> None:
    form = {"width": 100, "height": 60, "show_sender": False, "show_message": False, "mask_name": False}
    set_to(session, shop, "label_forms", {"cj": form})
    (page,) = printed(session, shop, [labelled(session, shop, owner)]).pages
    text = text_of(page)
    assert size_of(page) == (100, 60)
    assert "김민수" in text and "문 앞에" not in text and "oneul 상점" not in text


def test_abroad_the_whole_name_is_printed_because_customs_compares_it(session, shop, owner) -> None:
    item = add_item(session, shop, 1, english_name="Wool knit", origin_country="KR", hs_code="611011")
    abroad = {"country": "US", "recipient_name": "Maximilian Kim", "recipient_phone": "+1 650-253-0000"}
    order = add_order(session, shop, [(item, 1)], **abroad)
    label(session, owner, order, "EE123456785KR", "ems")
    (page,) = printed(session, shop, [order]).pages
    assert "Maximilian Kim" in text_of(page) and "+1 650-253-0000" in text_of(page)


def test_a_name_has_the_label_up_to_the_quantity_for_itself(session, shop, owner) -> None:
    name = "루나핏 시그니처 캐시미어 블렌드 울 라운드넥 오버핏 롱 가디건"
    item = add_item(session, shop, 1, name=name, option_name=None)
    (page,) = printed(session, shop, [labelled(session, shop, owner, items=[(item, 1)])]).pages
    assert any(name in line for line in page.extract_text().splitlines())


def test_labels_of_two_couriers_have_each_their_size_in_one_file(session, shop, owner) -> None:
    set_to(session, shop, "label_forms", {"cj": {"width": 100, "height": 150}, "lotte": {"width": 80, "height": 80}})
    first = labelled(session, shop, owner, 1)
    second = add_order(session, shop, [(add_item(session, shop, 2), 1)], 2)
    parcel = parcel_of(session, second)
    parcel.courier, parcel.tracking_no = "lotte", "6123456789"
    assert sorted(size_of(page) for page in printed(session, shop, [first, second]).pages) == [(80, 80), (100, 150)]


def test_the_goods_list_shows_what_the_setting_asks_for(session, shop, owner) -> None:
    order = labelled(session, shop, owner)
    set_to(session, shop, "label_products", ["code", "location"])
    (page,) = printed(session, shop, [order]).pages
    assert "P00001-01" in text_of(page) and "A-01" in text_of(page) and "니트" not in text_of(page)


def test_forty_long_names_go_on_upon_further_labels_and_none_is_lost(session, shop, owner) -> None:
    names = [
        f"아주 긴 이름의 겨울 신상 캐시미어 혼방 오버핏 니트 가디건 {n:03} 하객룩 데일리 " + "가나다라마바사" * 6
        for n in range(40)
    ]
    items = [(add_item(session, shop, n, name=name, option_name=None), 1) for n, name in enumerate(names)]
    order = add_order(session, shop, items)
    label(session, owner, order)
    pages = printed(session, shop, [order]).pages
    assert len(pages) > 1
    whole = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
    for name in names:
        assert re.sub(r"\s+", "", name) in whole
    for page in pages:
        assert size_of(page) == (123, 100)
        assert "612345678901" in text_of(page) and "S20261118-00001" in text_of(page)
        assert inside(page)


def inside(page: pypdf.PageObject) -> bool:
    """No letter is set outside the page."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    places: list[tuple[float, float]] = []

    def seen(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            places.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]))

    page.extract_text(visitor_text=seen)
    return bool(places) and all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_a_long_address_and_message_stay_on_the_page(session, shop, owner) -> None:
    set_to(session, shop, "label_forms", {"cj": {"width": 60, "height": 60}})
    order = labelled(session, shop, owner, address="서울특별시 강남구 " * 12, message="부재 시 경비실에 " * 20)
    pages = printed(session, shop, [order]).pages
    assert all(inside(page) for page in pages)
    whole = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
    assert whole.count("부재") == whole.count("실에") == 20  # a new page may begin within the sentence


@pytest.mark.parametrize("order_by, expected", [
    ("ordered_at", ["3", "2", "1"]), ("order_no", ["1", "2", "3"]), ("recipient", ["2", "3", "1"]),
    ("product", ["3", "1", "2"]), ("location", ["2", "1", "3"]),
])  # fmt: skip
def test_labels_come_in_the_configured_order(session, shop, owner, order_by, expected) -> None:
    names, people, places = ["다", "라", "나"], ["하늘", "가람", "나래"], ["B-1", "A-1", "C-1"]
    orders = []
    for n in (1, 2, 3):  # the first was ordered last
        item = add_item(session, shop, n, name=names[n - 1], option_name=None, location=places[n - 1])
        orders.append(labelled(session, shop, owner, n, [(item, 1)], f"61234567890{n}", recipient_name=people[n - 1]))
    set_to(session, shop, "label_print_order", order_by)
    pages = printed(session, shop, orders).pages
    found = [re.search(r"S20261118-0000(\d)", page.extract_text())[1] for page in pages]
    assert found == expected


def test_exactly_the_chosen_parcels_are_printed_and_printing_writes_nothing(session, shop, owner) -> None:
    item = add_item(session, shop)
    orders = [labelled(session, shop, owner, n, [(item, 1)], f"61234567890{n}") for n in (1, 2, 3)]
    pages = printed(session, shop, [orders[2], orders[0]]).pages
    assert sorted(re.search(r"S20261118-0000(\d)", p.extract_text())[1] for p in pages) == ["1", "3"]
    assert parcel_of(session, orders[0]).printed_at is None and not session.dirty


def test_a_parcel_without_a_number_and_a_strangers_have_no_label(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    with pytest.raises(OpsTalkError) as caught:
        printed(session, shop, [order])
    assert caught.value.error_code == "shipment_not_labelled"
    from backend.shops.models import Shop

    with pytest.raises(OpsTalkError) as caught:
        printed(session, session.get_one(Shop, "shop_other"), [order])
    assert caught.value.status == 404


def test_html_in_an_address_is_text(session, shop, owner) -> None:
    order = labelled(session, shop, owner, address="<b>서울</b> & {{ 1 }}")
    (page,) = printed(session, shop, [order]).pages
    assert "<b>서울</b> & {{ 1 }}" in text_of(page)


def test_several_lines_of_merged_orders_name_all_their_orders(session, shop, owner) -> None:
    item = add_item(session, shop)
    first, second = add_order(session, shop, [(item, 1)], 1), add_order(session, shop, [(item, 1)], 2)
    add_line(session, second, parcel_of(session, first), item, 1, 7)
    parcel = parcel_of(session, first)
    parcel.courier, parcel.tracking_no = "cj", "612345678901"
    (page,) = printed(session, shop, [first]).pages
    assert first.order_no in text_of(page) and second.order_no in text_of(page)


def test_the_bars_are_code_128_of_the_number_with_white_at_both_ends() -> None:
    drawn = base64.b64decode(barcode_of("612345678901").removeprefix("data:image/svg+xml;base64,")).decode()
    width = float(re.search(r'<svg[^>]* width="([\d.]+)mm"', drawn)[1])
    bars = [(float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)mm" y="[\d.]+mm" width="([\d.]+)mm"', drawn)]
    assert bars[0][0] >= 3 and width - sum(bars[-1]) >= 2.99
    modules = barcode.Code128("612345678901").build()[0]
    black = {round((x - bars[0][0]) / 0.3) + n for x, w in bars for n in range(round(w / 0.3))}
    assert black == {place for place, bit in enumerate(modules) if bit == "1"}


@pytest.mark.parametrize(
    "name, shown",
    [("김민수", "김*수"), ("이산", "이*"), ("남궁민수", "남**수"), ("김*수", "김*수"), ("J", "J"), ("", "")],
)
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    "phone, shown",
    [
        ("010-1234-5678", "010-****-5678"),
        ("01012345678", "010-****-5678"),
        ("0504-123-4567", "0504-***-4567"),
        ("+82 10 1", "+82 10 1"),
    ],
)
def test_a_phone_is_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown

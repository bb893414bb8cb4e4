"""What buyers ask, answered in the widget; and pictures where PRO changed pictures."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sit_down
from tests.browser.visitors import PHONE, Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.conversations import buyers
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]


def test_an_inquiry_is_chosen_by_its_card_answered_in_own_words_and_sent(merchant: WidgetDriver, mall: str) -> None:
    buyers.buyers_ask(None, mall, None, (2, 4))
    merchant.say("고객 문의 있어?")
    expect(merchant.block("cards")).to_contain_text("교환 가능한가요?")
    merchant.press("직접 써서 답하기")
    merchant.say("내일 새 상품을 보내 드릴게요")
    card = merchant.block("confirm")
    expect(card).to_contain_text("답변: 내일 새 상품을 보내 드릴게요")
    expect(card).to_contain_text("되돌릴 수 없어요")
    merchant.press("진행할게요")
    expect(merchant.last()).to_contain_text("보냈어요")
    assert [i.answer for i in buyers.answered(mall)] == ["내일 새 상품을 보내 드릴게요"]


def test_the_pictures_before_and_after_stand_in_the_difference(visitors: Visitors, tmp_path: Path) -> None:
    widget = sit_down(visitors.arrive(viewport=PHONE), "/demo/oneuldam/status")
    widget.say("썸네일 왜 바꿨어?")
    pictures = widget.block("diff").get_by_test_id("diff-picture")
    expect(pictures.first).to_be_visible()
    assert pictures.count() % 2 == 0
    widths = pictures.evaluate_all("all => Promise.all(all.map(one => one.decode().then(() => one.naturalWidth)))")
    assert all(width > 0 for width in widths[:2]), widths


@pytest.mark.parametrize("width", [390, 1280])
def test_a_deal_card_and_its_preview_fit_the_width(visitors: Visitors, mall: str, width: int) -> None:
    buyers.buyers_buy(None, mall, None)
    widget = sit_down(visitors.arrive(viewport={"width": width, "height": 844}), f"/demo/{mall}/status")
    widget.say("1+1 제안 뭐 있어")
    widget.press("진행할게요")
    card = widget.block("confirm")
    expect(card).to_contain_text("원뿔딜로 진행할까요?")
    assert card.evaluate("one => one.scrollWidth <= one.clientWidth")

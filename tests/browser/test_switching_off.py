"""The main job: switch something off in the chat, see it on the page, take it back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sit_down
from tests.browser.visitors import Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]

OFF = "메인 진열 다음주 금요일까지 꺼줘"


def test_what_is_switched_off_in_the_chat_shows_on_the_page_only_after_the_confirmation(merchant: WidgetDriver) -> None:
    page = merchant.page
    off, waiting = page.locator("#state .off-list"), page.locator("#state [data-cell^='run-']", has_text="예정")
    awaited = waiting.filter(has_text="메인 진열 자동화")
    expect(awaited).to_have_count(1)

    merchant.say(OFF)
    expect(merchant.block("confirm")).to_contain_text("메인 진열 자동화를")
    page.wait_for_timeout(1_000)  # the page has looked again by now
    expect(off).to_have_count(0)

    merchant.press("진행할게요")
    expect(off).to_contain_text("메인 진열 자동화")
    expect(off).to_contain_text("까지")
    expect(awaited).to_have_count(0)


def test_undo_in_the_chat_takes_the_switch_off_the_page(merchant: WidgetDriver) -> None:
    off = merchant.page.locator("#state .off-list")
    merchant.say(OFF)
    merchant.press("진행할게요")
    expect(off).to_contain_text("메인 진열 자동화")

    merchant.press("방금 한 일 되돌리기")
    expect(merchant.block("confirm")).to_be_visible()
    merchant.press("진행할게요")
    expect(off).to_have_count(0)
    expect(merchant.page.locator("#state [data-cell^='run-']", has_text="예정").first).to_be_visible()


def test_what_is_switched_on_again_on_the_page_is_known_in_the_chat(merchant: WidgetDriver) -> None:
    merchant.say(OFF)
    merchant.press("진행할게요")
    merchant.close()  # it covers the page's buttons
    page = merchant.page
    page.locator("#state summary", has_text="다시 켜기").click()
    page.get_by_role("button", name="켤게요").click()
    expect(page.locator("#state .off-list")).to_have_count(0)
    merchant.open()
    expect(merchant.say("지금 꺼져 있는 작업 알려주세요")).to_contain_text("없")


def test_undoing_what_pro_did_brings_back_the_main_page_as_it_was(visitors: Visitors, mall: str) -> None:
    widget = sit_down(visitors.arrive(), f"/demo/{mall}/display")
    first = widget.page.locator("#state .grid").first.locator(".slot-name")
    by_pro = first.all_inner_texts()
    assert by_pro[0] != "오늘담 가죽 벨트", "PRO has put what sells first"

    widget.say("메인 진열 되돌려줘")
    expect(widget.block("confirm").get_by_test_id("diff-row").first).to_be_visible()
    widget.press("진행할게요")
    expect(first.first).to_have_text("오늘담 가죽 벨트")
    assert first.all_inner_texts() != by_pro

"""The last look before something changes: corrected by typing, refused, overtaken, answered elsewhere."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.kit import clock
from tests.browser.conftest import sit_down
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]


def test_a_typed_correction_shows_a_new_card_and_closes_the_old_one(merchant: WidgetDriver) -> None:
    merchant.say("메인 진열 다음주 금요일까지 꺼줘")
    old, said = merchant.plan(), merchant.block("confirm").inner_text()

    merchant.say("아니 이번 달 말까지만")
    assert merchant.plan() != old
    assert "30일" in merchant.block("confirm").inner_text() or "31일" in merchant.block("confirm").inner_text()
    assert merchant.block("confirm").inner_text() != said
    expect(merchant.standing(old)).not_to_have_attribute("data-standing", "open")
    expect(merchant.standing(old).get_by_test_id("action").first).to_be_hidden()
    expect(merchant.standing(old).get_by_test_id("confirm-outcome")).to_be_visible()

    new = merchant.plan()
    merchant.press("진행할게요")
    expect(merchant.standing(new)).to_have_attribute("data-standing", "executed")
    expect(merchant.page.locator("#state .off-list > li")).to_have_count(1)


def test_refusing_leaves_everything_as_it_was_and_closes_the_card(merchant: WidgetDriver) -> None:
    merchant.say("프로모션 쿠폰 꺼줘")
    plan = merchant.plan()
    merchant.press("그만둘게요")
    expect(merchant.standing(plan)).to_have_attribute("data-standing", "discarded")
    expect(merchant.standing(plan).get_by_test_id("action").first).to_be_hidden()
    expect(merchant.page.locator("#state .off-list")).to_have_count(0)


def test_a_typed_yes_closes_the_card_as_well(merchant: WidgetDriver) -> None:
    merchant.say("메인 진열 다음주 금요일까지 꺼줘")
    plan = merchant.plan()
    merchant.say("네")
    expect(merchant.standing(plan)).to_have_attribute("data-standing", "executed")
    expect(merchant.page.locator("#state .off-list")).to_contain_text("메인 진열 자동화")


def test_a_day_from_the_calendar_becomes_the_end_of_the_switch(merchant: WidgetDriver) -> None:
    merchant.say("메인 진열 꺼줘")
    picker, old = merchant.block("date_picker"), merchant.plan()
    day = clock.today() + timedelta(days=12)
    merchant.pick_date(day.isoformat())
    expect(merchant.block("confirm")).to_contain_text(f"{day.month}월 {day.day}일")
    expect(merchant.standing(old)).not_to_have_attribute("data-standing", "open")
    expect(picker.get_by_test_id("date-submit")).to_be_disabled()

    merchant.press("진행할게요")
    expect(merchant.page.locator("#state .off-list")).to_contain_text(f"{day.month}월 {day.day}일")


def test_a_day_that_is_over_is_not_sent(merchant: WidgetDriver) -> None:
    merchant.say("메인 진열 꺼줘")
    picker, asked = merchant.block("date_picker"), merchant.messages("member").count()
    picker.get_by_test_id("date-input").fill((clock.today() - timedelta(days=1)).isoformat())
    picker.get_by_test_id("date-submit").click()
    expect(picker.get_by_role("alert")).to_be_visible()
    assert merchant.messages("member").count() == asked


def test_a_card_answered_in_another_tab_is_closed_in_this_one(merchant: WidgetDriver, mall: str) -> None:
    merchant.say("메인 진열 다음주 금요일까지 꺼줘")
    plan = merchant.plan()
    other = sit_down(merchant.page.context.new_page(), f"/demo/{mall}/status")
    expect(other.standing(plan)).to_have_attribute("data-standing", "open")

    other.press("진행할게요")
    expect(merchant.standing(plan)).to_have_attribute("data-standing", "executed")
    expect(merchant.standing(plan).get_by_test_id("action").first).to_be_hidden()

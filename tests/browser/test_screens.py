"""Phones, darkness and calm: the widget and the pages on other screens than the one they were drawn on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sit_down
from tests.browser.visitors import PHONE, Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]

PAGES = (
    "",
    "/orders",
    "/orders?all=true",
    "/products",
    "/stock",
    "/stock?low=true",
    "/display",
    "/coupons",
    "/status",
    "/requests",
    "/pro-app",
)
BRIGHTNESS = """(node) => {
    const [red, green, blue] = getComputedStyle(node).backgroundColor.match(/[\\d.]+/g).map(Number);
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}"""
WIDER = """() => {
    const { scroll } = document.querySelector('opstalk-widget').panel.list;
    return scroll.scrollWidth - scroll.clientWidth;
}"""


def too_wide(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    found: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_mall_is_wider_than_a_phone(visitors: Visitors, path: str) -> None:
    page = visitors.arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/demo/oneuldam{path}")
    expect(page.locator("#state")).to_be_visible()
    assert too_wide(page) <= 0


def test_on_a_phone_the_panel_fills_the_screen_and_nothing_sticks_out(visitors: Visitors, mall: str) -> None:
    page = visitors.arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    widget = sit_down(page, f"/demo/{mall}/status")
    box = widget.part("panel").bounding_box()
    assert box is not None
    assert (round(box["x"]), round(box["width"])) == (0, PHONE["width"])
    assert box["height"] >= PHONE["height"] - 1
    expect(widget.part("launcher")).to_be_hidden()

    for text in ("메인 진열 꺼줘", "작업현황 보여줘", "상품명 뭐가 바뀌었어?", "메인 진열 되돌려줘"):
        widget.say(text)
        assert page.evaluate(WIDER) <= 0, text
        assert too_wide(page) <= 0, text
    send = widget.part("send").bounding_box()
    assert send is not None and send["y"] + send["height"] <= PHONE["height"]

    widget.close()
    expect(widget.part("launcher")).to_be_visible()


def test_the_widget_and_the_page_follow_a_dark_system(visitors: Visitors, mall: str) -> None:
    light = sit_down(visitors.arrive(color_scheme="light"), f"/demo/{mall}")
    dark = sit_down(visitors.arrive(color_scheme="dark"), f"/demo/{mall}")
    assert light.part("panel").evaluate(BRIGHTNESS) > 0.9
    assert dark.part("panel").evaluate(BRIGHTNESS) < 0.3
    assert dark.page.locator("body").evaluate(BRIGHTNESS) < 0.3
    dark.page.emulate_media(color_scheme="light")
    dark.page.wait_for_timeout(400)
    assert dark.part("panel").evaluate(BRIGHTNESS) > 0.9


def test_who_asked_for_less_motion_gets_none(visitors: Visitors, mall: str) -> None:
    widget = sit_down(visitors.arrive(reduced_motion="reduce"), f"/demo/{mall}")
    widget.say("메인 진열 꺼줘")
    moving = "() => document.querySelector('opstalk-widget').shadowRoot.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 50).length"
    assert widget.page.evaluate(moving) == 0


def test_large_text_makes_the_letters_larger_and_is_kept(merchant: WidgetDriver) -> None:
    size = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    merchant.say("안녕하세요")
    before = merchant.last().locator(".content").evaluate(size)
    merchant.part("menu").click()
    merchant.part("menu-large-text").click()
    assert merchant.last().locator(".content").evaluate(size) > before
    merchant.page.reload()
    merchant.open()
    assert merchant.last().locator(".content").evaluate(size) > before

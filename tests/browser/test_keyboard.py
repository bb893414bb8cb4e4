"""Without a mouse and without eyes: focus order, focus return, names and live regions."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitors import Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]

FOCUSED = "() => document.querySelector('opstalk-widget').shadowRoot.activeElement?.dataset.testid ?? null"
NAMELESS = """() => {
    const root = document.querySelector('opstalk-widget').shadowRoot;
    const shown = (node) => node.checkVisibility();
    const labels = (node) => [...(node.labels ?? [])].map((label) => label.innerText).join('');
    const name = (node) => node.ariaLabel || node.title || labels(node) || node.innerText;
    return [...root.querySelectorAll('button, a, input, textarea, [role=dialog], [role=region], [role=group]')]
        .filter((node) => shown(node) && !name(node)?.trim()).map((node) => node.outerHTML.slice(0, 120));
}"""
TWICE = """() => {
    const ids = [...document.querySelector('opstalk-widget').shadowRoot.querySelectorAll('[id]')].map((node) => node.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""


def focused(page: Page) -> str | None:
    found: str | None = page.evaluate(FOCUSED)
    return found


def test_everything_can_be_done_with_the_keyboard_alone(visitors: Visitors, mall: str) -> None:
    page = visitors.arrive()
    page.goto(f"/demo/{mall}/status")
    widget, keys = WidgetDriver(page), page.keyboard
    expect(widget.part("launcher")).to_be_visible()
    page.locator("#state").focus()
    for _ in range(60):
        keys.press("Tab")
        if focused(page) == "launcher":
            break
    assert focused(page) == "launcher"
    keys.press("Enter")
    expect(widget.part("panel")).to_be_visible()
    expect(widget.composer).to_be_focused()

    keys.type("메인 진열 다음주 금요일까지 꺼줘")
    keys.press("Enter")
    expect(widget.block("confirm")).to_be_visible()
    expect(widget.composer).to_be_focused()
    keys.press("Shift+Tab")  # back from the composer: the newest choices come first
    while "그만둘게요" not in (focused_text(page) or ""):
        assert focused(page) in ("action", None, "send"), f"lost in {focused(page)}"
        keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    assert "진행할게요" in (focused_text(page) or "")
    keys.press("Space")
    expect(page.locator("#state .off-list")).to_contain_text("메인 진열 자동화")

    expect(widget.composer).to_be_focused()  # the pressed button is gone, the focus is not
    keys.press("Escape")
    expect(widget.part("panel")).to_be_hidden()
    expect(widget.part("launcher")).to_be_focused()


def focused_text(page: Page) -> str | None:
    found: str | None = page.evaluate(
        "() => document.querySelector('opstalk-widget').shadowRoot.activeElement?.innerText ?? null"
    )
    return found


def test_the_focus_goes_from_the_header_through_the_log_to_the_composer(merchant: WidgetDriver) -> None:
    merchant.part("menu").focus()
    order = []
    for _ in range(30):
        order.append(focused(merchant.page))
        if order[-1] == "composer":
            break
        merchant.page.keyboard.press("Tab")
    places = [order.index(part) for part in ("menu", "wide", "close", "scroll", "composer")]
    assert places == sorted(places), order


def test_the_menu_is_walked_with_arrows_and_escape_closes_only_it(merchant: WidgetDriver) -> None:
    keys = merchant.page.keyboard
    merchant.part("menu").focus()
    keys.press("Enter")
    assert focused(merchant.page) == "menu-handoff"
    keys.press("ArrowDown")
    assert focused(merchant.page) == "menu-restart"
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert focused(merchant.page) == "menu-large-text"
    keys.press("Escape")
    expect(merchant.part("menu-handoff")).to_be_hidden()
    expect(merchant.part("panel")).to_be_visible()
    assert focused(merchant.page) == "menu"


def test_a_screen_reader_hears_new_messages_and_every_control_has_a_name(merchant: WidgetDriver) -> None:
    log = merchant.part("log")
    expect(log).to_have_attribute("role", "log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_accessible_name("대화 내용")
    expect(merchant.part("panel")).to_have_attribute("role", "dialog")
    expect(merchant.part("launcher")).to_have_attribute("aria-expanded", "true")
    for part in ("typing", "conversation-state", "banner"):
        expect(merchant.part(part)).to_have_attribute("role", "status")

    for text in ("메인 진열 꺼줘", "작업현황 보여줘", "안 돌아가는 작업 있어요?"):
        merchant.say(text)
    assert merchant.page.evaluate(NAMELESS) == []
    assert merchant.page.evaluate(TWICE) == []
    assert merchant.page.evaluate("() => document.documentElement.lang") == "ko"

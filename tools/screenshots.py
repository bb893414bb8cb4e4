"""Takes the pictures of the README from the running product: `make screenshots` (needs the trained model and Chromium).

Starts a stack of its own with the demo shops, talks to it through Chromium as a merchant and an agent would, and writes
docs/images/*.png. Nothing in a picture is drawn by hand; run it again whenever something visible changes.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.cli.ports import free_ports
from backend.cli.seed import migrate_and_plant
from backend.cli.stack import WITH_MARKETS, Stack
from backend.seed.market_goods import write_goods
from backend.seed.staff import LOGINS
from backend.settings import ROOT, get_settings
from tests.browser.chromium import executable, launch
from tests.browser.visitors import PHONE, Visitors
from tests.browser.widget_driver import WidgetDriver

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 300_000
MALL = "oneuldam"
COLLECTED_WITHIN = 180_000  # ms; the markets are asked every two minutes


class Studio:
    def __init__(self, browser: Browser, url: str) -> None:
        self.visitors = Visitors(browser, url)

    def merchant(self, page: str = "", **options: Any) -> WidgetDriver:
        tab = self.visitors.arrive(**options)
        tab.goto(f"/demo/{MALL}{page}")
        widget = WidgetDriver(tab)
        widget.open()
        return widget

    def agent(self) -> Page:
        tab = self.visitors.arrive()
        tab.goto("/console/login")
        tab.get_by_label("아이디").fill("agent")
        tab.get_by_label("비밀번호").fill(LOGINS["agent"][0])
        tab.get_by_role("button", name="로그인").click()
        return tab


def switch_off(studio: Studio) -> None:
    """The confirm card beside the page it is about."""
    widget = studio.merchant("/display")
    widget.say("메인 진열 다음주 금요일까지 꺼줘")
    expect(widget.block("confirm")).to_be_visible()
    take(widget.page, "switch-off.png")
    widget.press("그만둘게요")


def undo(studio: Studio) -> None:
    """What PRO did, product by product, before it is put back."""
    widget = studio.merchant("/display")
    widget.say("메인 진열 되돌려줘")
    expect(widget.block("confirm").get_by_test_id("diff-row").first).to_be_visible()
    take(widget.page, "undo.png")
    widget.press("그만둘게요")


def why(studio: Studio) -> None:
    """Why something does not run, beside the work status."""
    widget = studio.merchant("/status")
    widget.say("상품명 개선 왜 안 돌아가요?")
    take(widget.page, "why.png")


def phone(studio: Studio) -> None:
    """What PRO will do next and why, on a phone."""
    widget = studio.merchant("/status", viewport=PHONE, is_mobile=True, has_touch=True)
    widget.say("다음 진열 미리 보여줘")
    expect(widget.block("table")).to_be_visible()
    widget.composer.blur()
    take(widget.page, "phone.png")


def console(studio: Studio) -> None:
    """An agent in the conversation, with the summary of what came before."""
    widget = studio.merchant("/status")
    widget.say("상품명 개선 왜 안 돌아가요?")
    widget.say("상담원 연결해주세요")
    desk = studio.agent()
    desk.locator(".queue-row a").last.click()
    desk.locator("#side").get_by_role("button", name="상담 맡기").click()
    expect(desk.locator("#side").get_by_role("button", name="상담 끝내기")).to_be_visible()
    desk.locator("#text").fill(
        "안녕하세요. G마켓이 다시 응답하는지 확인하고 있어요. 쿠팡 인증은 PRO 앱에서 바로 갱신하실 수 있어요."
    )
    desk.locator("#text").press("Enter")
    expect(desk.locator("#thread .message.agent").last).to_be_visible()
    expect(desk.locator("#notice .notice")).to_have_count(0)
    take(desk, "console.png")


def stuck_order(studio: Studio) -> None:
    """Orders of the markets' sandbox beside what is in the way of one of them."""
    widget = studio.merchant("/orders")
    expect(widget.page.locator("tr[data-cell^=order-]").first).to_be_visible(timeout=COLLECTED_WITHIN)
    widget.say("안 나간 주문 보여줘")
    widget.say("두 번째 거 왜 안 나가?")
    take(widget.page, "orders.png")


#: the console last: there the bot is silent from then on
PICTURES: tuple[Callable[[Studio], None], ...] = (switch_off, undo, why, phone, stuck_order, console)


def take(page: Page, name: str) -> None:
    """Fonts, product pictures and movements have arrived; the caret does not blink."""
    page.mouse.move(1, 1)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_function("() => [...document.images].every((one) => one.complete || one.loading === 'lazy')")
    page.wait_for_timeout(900)
    path = IMAGES / name
    page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    say(f"{path.relative_to(ROOT)}  {size / 1000:.0f} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"{name} is larger than {MOST_BYTES / 1000:.0f} kB")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    chromium = executable()
    if chromium is None:
        say("No Chromium is installed (Debian: apt-get install chromium fonts-noto-cjk).")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        os.environ["OPSTALK_VAR_DIR"] = folder
        get_settings.cache_clear()
        say("planting the demo shops and starting the product")
        migrate_and_plant()
        write_goods(Path(folder))
        with Stack(Path(folder), free_ports(), parts=WITH_MARKETS) as stack:
            stack.wait_until_answering()
            photograph(chromium, stack.url)
    return 0


def photograph(chromium: str, url: str) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        studio = Studio(browser, url)
        for picture in PICTURES:
            picture(studio)
            studio.visitors.leave()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())

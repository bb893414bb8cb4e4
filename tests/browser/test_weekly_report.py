"""The weekly report: asked for in the chat, opened in a new tab, good on a phone, on a desktop and on paper."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.kit import clock
from backend.kit.weeks import last_complete
from backend.reports.publish import publish_week, ready_at
from tests.browser.conftest import sit_down
from tests.browser.visitors import DESKTOP, PHONE, Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]
DEMO = "/demo/oneuldam/status"  # four weeks of the demo shop were lived through: there is something to compare


def open_report(widget: WidgetDriver, title: str = "보고서 열기") -> Page:
    with widget.page.context.expect_page() as opened:
        widget.part("action").filter(has_text=title).last.click()
    opened.value.wait_for_load_state()
    return opened.value


def test_the_button_opens_the_report_in_a_new_tab_and_leaves_the_chat_where_it_is(
    merchant: WidgetDriver, mall: str
) -> None:
    week = last_complete(clock.today())
    with clock.frozen(ready_at(week)):
        assert publish_week(f"shop_{mall}", week, clock.now())
    before = merchant.page.url
    merchant.say("지난주 주간 보고서 보여주세요")
    report = open_report(merchant)
    expect(report.locator("h1")).to_have_text("주간 운영 보고서")
    expect(report.locator(".when")).to_contain_text(f"{week.monday.month}월 {week.monday.day}일(월)")
    assert (merchant.page.url, report.evaluate("() => window.opener")) == (before, None)
    expect(merchant.part("panel")).to_be_visible()
    address = report.get_by_role("link", name="PDF 받기").get_attribute("href") or ""
    made = report.request.get(address)
    assert made.headers["content-type"] == "application/pdf" and made.body().startswith(b"%PDF-")


def test_a_notice_that_waits_unread_on_monday_opens_the_report(visitors: Visitors, mall: str) -> None:
    sit_down(visitors.arrive(), f"/demo/{mall}/status").close()  # the owner has been here before
    week = last_complete(clock.today())
    with clock.frozen(ready_at(week)):
        assert publish_week(f"shop_{mall}", week, clock.now() - timedelta(minutes=1))
    page = visitors.arrive()
    page.goto(f"/demo/{mall}/status")
    expect(page.get_by_test_id("unread-badge")).to_have_text("1")
    widget = WidgetDriver(page)
    widget.open()
    expect(widget.last()).to_contain_text("주간 운영 보고서가 나왔어요")
    # the notice's own link was signed on that Monday and lives until the next one
    expect(widget.part("action").filter(has_text="보고서 열기").last).to_have_attribute("target", "_blank")
    assert "주간 운영 보고서예요" in (widget.press("요약 보기").text_content() or "")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_report_fits_its_screen_and_every_chart_says_what_it_shows(
    visitors: Visitors, viewport: dict[str, int], tmp_path: Path
) -> None:
    widget = sit_down(visitors.arrive(viewport=viewport), DEMO)
    widget.say("이번 주 주간 보고서")
    report = open_report(widget)
    expect(report.locator(".state")).to_have_text("진행 중")
    assert report.evaluate("() => document.documentElement.scrollWidth") == viewport["width"]
    charts = report.get_by_role("img")
    assert charts.count() >= 2
    for chart in charts.all():
        assert any(letter.isdigit() for letter in chart.locator("title").text_content() or "")
        box, column = chart.bounding_box(), report.locator("main").bounding_box()
        assert box and column and column["x"] <= box["x"] and box["x"] + box["width"] <= column["x"] + column["width"]
    cut = report.evaluate(
        "() => [...document.querySelectorAll('svg.chart text')].filter((one) => {"
        " const inner = one.getBoundingClientRect(), outer = one.ownerSVGElement.getBoundingClientRect();"
        " return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1; })"
        ".map((one) => one.textContent)"
    )
    assert cut == [], "no label leaves its chart"
    small = report.evaluate(
        "() => [...document.querySelectorAll('svg.chart text')]"
        ".map((one) => one.getBoundingClientRect().height).filter((height) => height < 10).length"
    )
    assert small == 0, "every label can be read"
    report.screenshot(path=tmp_path / "report.png", full_page=True)
    assert not [line for line in visitors.console if line.startswith("error")], visitors.console

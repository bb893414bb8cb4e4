"""A product pinned in the chat stands where it was pinned, on the page of the mall."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sit_down
from tests.browser.visitors import Visitors
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]


def test_pinning_a_product_in_the_chat_moves_it_in_the_grid(visitors: Visitors, mall: str) -> None:
    widget = sit_down(visitors.arrive(), f"/demo/{mall}/display")
    first = widget.page.locator("#state .grid").first.locator(".slot").first
    expect(first).not_to_contain_text("데님 셔츠")

    widget.say("데님 셔츠 1번에 고정해줘")
    expect(widget.block("confirm")).to_contain_text("데님 셔츠")
    expect(first).not_to_contain_text("데님 셔츠")
    widget.press("진행할게요")
    expect(first).to_contain_text("오늘담 데님 셔츠")
    expect(first.locator(".pin-button")).to_have_attribute("aria-pressed", "true")

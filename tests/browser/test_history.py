"""What was said stays: over a reload, in a second tab, and while nobody looks."""

import pytest
from playwright.sync_api import expect

from backend.conversations.service import deliver
from backend.db.engine import unit_of_work
from tests.browser.conftest import sit_down
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]

NOTICE = "내일 오전 10시에 메인 진열이 바뀔 예정이에요."
TEXTS = "(all) => all.map((one) => one.querySelector('.content').innerText)"


def test_a_reload_shows_the_same_conversation_with_its_cards(merchant: WidgetDriver) -> None:
    merchant.say("메인 진열 다음주 금요일까지 꺼줘")
    done = merchant.plan()
    merchant.press("진행할게요")
    merchant.say("되돌려줘")
    waiting = merchant.plan()
    expect(merchant.standing(done)).to_have_attribute("data-standing", "executed")
    before = merchant.messages().evaluate_all(TEXTS)

    merchant.page.reload()
    merchant.open()
    assert merchant.messages().evaluate_all(TEXTS) == before
    expect(merchant.standing(done)).to_have_attribute("data-standing", "executed")
    expect(merchant.standing(waiting)).to_have_attribute("data-standing", "open")
    merchant.press("진행할게요")
    expect(merchant.page.locator("#state .off-list")).to_have_count(0)


def test_a_half_written_message_survives_a_reload(merchant: WidgetDriver) -> None:
    merchant.composer.fill("아직 다 쓰지 않은")
    merchant.page.reload()
    merchant.open()
    expect(merchant.composer).to_have_value("아직 다 쓰지 않은")


def test_a_notice_while_closed_is_counted_and_opening_reads_it(merchant: WidgetDriver, mall: str) -> None:
    badge = merchant.part("unread-badge")
    merchant.close()
    expect(badge).to_be_hidden()

    with unit_of_work() as session:  # another process of the product, as the scheduler is
        deliver(session, f"shop_{mall}", [{"type": "text", "text": NOTICE}])
    expect(badge).to_have_text("1")
    expect(merchant.part("peek")).to_be_visible()
    expect(merchant.part("launcher")).to_have_accessible_name("OpsTalk 열기, 읽지 않은 메시지 1개")

    merchant.page.reload()
    expect(badge).to_have_text("1")
    merchant.open()
    expect(merchant.last()).to_contain_text(NOTICE)
    merchant.close()
    expect(badge).to_be_hidden()
    merchant.page.reload()
    expect(merchant.part("launcher")).to_have_accessible_name("OpsTalk 열기")


def test_two_tabs_show_the_same_messages_in_the_same_order(merchant: WidgetDriver, mall: str) -> None:
    other = sit_down(merchant.page.context.new_page(), f"/demo/{mall}/display")
    for number in range(3):  # both at once: the hub decides the order
        merchant.send(f"안녕하세요 왼쪽 {number}")
        other.send(f"안녕하세요 오른쪽 {number}")
    for tab in (merchant, other):
        for side in ("왼쪽", "오른쪽"):
            expect(tab.messages("member").filter(has_text=side)).to_have_count(3)
        tab.page.wait_for_function(
            """() => {
                const { store } = document.querySelector('opstalk-widget');
                const said = store.messages.filter((one) => one.author === 'member').map((one) => one.id);
                return !store.busy && said.every((id) => store.messages.some((one) => one.reply_to === id));
            }"""
        )
    order = "(all) => all.map((one) => one.dataset.seq)"
    shown = merchant.messages().evaluate_all(order)
    assert shown == other.messages().evaluate_all(order)
    assert [int(seq) for seq in shown] == sorted(int(seq) for seq in set(shown)), "each once, in the hub's order"

"""When the network or the assistant fails, what was written is kept, said so, and arrives exactly once."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from backend.cli.stack import Stack
from backend.conversations.models import Author, Conversation, Message
from backend.db.engine import unit_of_work
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]


def said(mall: str, text: str) -> int:
    """How often the hub has stored this message of the shop's people."""
    with unit_of_work(write=False) as session:
        query = (
            select(Message.id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.shop_id == f"shop_{mall}", Message.author == Author.MEMBER, Message.text == text)
        )
        return len(session.scalars(query).all())


def test_what_is_written_offline_is_sent_once_when_the_network_is_back(merchant: WidgetDriver, mall: str) -> None:
    merchant.page.context.set_offline(True)
    expect(merchant.part("banner")).to_be_visible()
    merchant.send("프로모션 쿠폰이 뭐예요?")
    expect(merchant.messages("member").last).to_have_attribute("data-delivery", "queued")
    assert said(mall, "프로모션 쿠폰이 뭐예요?") == 0

    merchant.page.context.set_offline(False)
    expect(merchant.part("banner")).to_be_hidden(timeout=20_000)
    expect(merchant.messages("member").last).to_have_attribute("data-delivery", "sent", timeout=20_000)
    expect(merchant.last()).to_be_visible()
    assert said(mall, "프로모션 쿠폰이 뭐예요?") == 1
    expect(merchant.messages("member")).to_have_count(1)


def test_what_is_written_offline_survives_closing_the_tab(merchant: WidgetDriver, mall: str) -> None:
    context = merchant.page.context
    context.set_offline(True)
    merchant.send("오늘 PRO가 한 일 보여주세요")
    expect(merchant.messages("member").last).to_have_attribute("data-delivery", "queued")
    merchant.page.close()
    context.set_offline(False)

    again = WidgetDriver(context.new_page())
    again.page.goto(f"/demo/{mall}/status")
    again.open()
    expect(again.messages("member")).to_have_count(1)
    expect(again.messages("member").last).to_have_attribute("data-delivery", "sent", timeout=20_000)
    assert said(mall, "오늘 PRO가 한 일 보여주세요") == 1


def test_a_message_whose_answer_was_lost_is_resent_but_stored_once(merchant: WidgetDriver, mall: str) -> None:
    sent: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        answer = route.fetch()  # the hub has it …
        if len(sent) > 1:
            route.fulfill(response=answer)
        else:
            route.abort("connectionreset")  # … but the browser never learns

    merchant.page.route("**/chat/messages", lose_the_first_answer)
    merchant.send("쿠폰 비용 얼마예요?")
    deadline = time.monotonic() + 20
    while len(sent) < 2 and time.monotonic() < deadline:
        merchant.page.wait_for_timeout(100)
    assert len(sent) == 2 and sent[0] == sent[1], "sent again with the same id"
    merchant.page.wait_for_function("() => !document.querySelector('opstalk-widget').store.busy")
    expect(merchant.messages("member").last).to_have_attribute("data-delivery", "sent")
    assert said(mall, "쿠폰 비용 얼마예요?") == 1
    expect(merchant.messages("member")).to_have_count(1)
    answers = merchant.messages("bot").count()
    merchant.page.reload()
    merchant.open()
    expect(merchant.messages("bot")).to_have_count(answers)


@contextmanager
def held(stack: Stack, part: str) -> Iterator[None]:
    """A process of the product that hangs; continued whatever happens."""
    pid = next(child.pid for child in stack.children if child.name == part)
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(pid, signal.SIGCONT)


def test_a_hanging_assistant_is_said_and_a_retry_works_once_it_is_back(
    merchant: WidgetDriver, as_product: Stack, mall: str
) -> None:
    text = "메인 진열 다음주 금요일까지 꺼줘"
    with held(as_product, "rasa"):
        answer = merchant.say(text)
        expect(answer).to_contain_text("그대로 보관했어요")
        expect(answer.get_by_test_id("action").filter(has_text="상담원 연결")).to_be_visible()
        expect(merchant.messages("member").last).to_have_attribute("data-delivery", "sent")
    assert said(mall, text) == 1
    expect(merchant.page.locator("#state .off-list")).to_have_count(0)

    merchant.press("다시 시도")
    expect(merchant.block("confirm")).to_contain_text("메인 진열 자동화를")
    merchant.press("진행할게요")
    expect(merchant.page.locator("#state .off-list")).to_contain_text("메인 진열 자동화")


def test_a_hanging_action_server_is_said_as_well(merchant: WidgetDriver, as_product: Stack) -> None:
    with held(as_product, "actions"):
        answer = merchant.say("쿠폰 비용 얼마예요?")
        expect(answer.get_by_test_id("action").filter(has_text="다시 시도")).to_be_visible()
    merchant.press("다시 시도")
    expect(merchant.last()).to_contain_text("쿠폰")
    expect(merchant.last()).not_to_contain_text("그대로 보관했어요")

"""Our own people: signing in, taking over a conversation, giving it back, and moving a work request on."""

import pytest
from playwright.sync_api import Page, expect

from backend.seed.staff import LOGINS
from tests.browser.visitors import Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.product import ON_THE_PRODUCT

pytestmark = [pytest.mark.browser, *ON_THE_PRODUCT]


def sign_in(page: Page, login: str, password: str | None = None) -> None:
    page.goto("/console/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(password or LOGINS[login][0])
    page.get_by_role("button", name="로그인").click()


@pytest.fixture
def agent(visitors: Visitors) -> Page:
    page = visitors.arrive()
    sign_in(page, "agent")
    expect(page.get_by_role("heading", name="상담")).to_be_visible()
    return page


def take(agent: Page, mall: str) -> None:
    """The agent opens the waiting conversation of this shop from the queue and claims it."""
    agent.goto("/console")
    row = agent.locator(".queue-row").last  # the shop that asked last
    row.locator("a").first.click()
    expect(agent.locator("#side")).to_contain_text("요약")
    agent.locator("#side").get_by_role("button", name="상담 맡기").click()
    expect(agent.locator("#side").get_by_role("button", name="상담 끝내기")).to_be_visible()


def reply(agent: Page, text: str) -> None:
    agent.locator("#text").fill(text)
    agent.locator("#text").press("Enter")
    expect(agent.locator("#thread .message.agent").last).to_contain_text(text)


def test_a_wrong_password_is_refused_and_no_page_is_shown(visitors: Visitors) -> None:
    page = visitors.arrive()
    sign_in(page, "agent", "agent-demo2")
    expect(page.get_by_role("alert")).to_contain_text("아이디나 비밀번호가 맞지 않아요")
    page.goto("/console")
    expect(page).to_have_url("/console/login")


def test_an_agent_takes_over_answers_and_gives_back_to_the_bot(merchant: WidgetDriver, agent: Page, mall: str) -> None:
    merchant.say("메인 진열 왜 안 돌아가요?")
    merchant.say("상담원 연결해주세요")
    expect(merchant.state).to_have_attribute("data-state", "open")
    expect(merchant.state).to_contain_text("대기")

    take(agent, mall)
    expect(merchant.state).to_contain_text("상담원 연결됨")
    expect(agent.locator("#side")).to_contain_text("마지막 말")
    expect(agent.locator("#thread")).to_contain_text("메인 진열 왜 안 돌아가요?")

    reply(agent, "안녕하세요, 진열 설정을 확인해 볼게요.")
    expect(merchant.last("agent")).to_contain_text("진열 설정을 확인해 볼게요")

    answers = merchant.messages("bot").count()
    merchant.send("메인 진열 다음주 금요일까지 꺼줘")
    expect(agent.locator("#thread .message.member").last).to_contain_text("다음주 금요일까지")
    merchant.page.wait_for_timeout(1_500)
    assert merchant.messages("bot").count() == answers, "the bot speaks while a person has the conversation"
    expect(merchant.page.locator("#state .off-list")).to_have_count(0)

    agent.locator("#side").get_by_role("button", name="챗봇에게 돌려주기").click()
    expect(merchant.state).to_have_attribute("data-state", "pending")
    merchant.say("메인 진열 다음주 금요일까지 꺼줘")
    expect(merchant.block("confirm")).to_contain_text("메인 진열 자동화를")


def test_the_agent_sees_that_somebody_writes_and_what_they_wrote_is_only_text(
    merchant: WidgetDriver, agent: Page, mall: str
) -> None:
    merchant.say("상담원 연결해주세요")
    take(agent, mall)
    agent.locator("#text").press_sequentially("잠시만요")
    expect(merchant.part("typing")).to_be_visible()

    merchant.send("<img src=x onerror=\"document.title='hacked'\"> <b>굵게</b>")
    theirs = agent.locator("#thread .message.member").last
    expect(theirs).to_contain_text("<img src=x onerror=")
    assert theirs.locator("img, b").count() == 0
    assert "hacked" not in agent.title()


def test_a_finished_conversation_is_rated_once(merchant: WidgetDriver, agent: Page, mall: str) -> None:
    merchant.say("상담원 연결해주세요")
    take(agent, mall)
    reply(agent, "도와드릴게요.")
    agent.locator("#side").get_by_role("button", name="상담 끝내기").click()
    expect(merchant.state).to_have_attribute("data-state", "resolved")

    stars = merchant.block("rating").get_by_test_id("star")
    expect(stars).to_have_count(5)
    stars.nth(3).click()
    expect(stars.nth(3)).to_be_disabled()
    expect(merchant.block("rating")).to_contain_text("별 4점")
    expect(agent.locator("#side")).to_contain_text("평가 4점")


def test_a_request_that_operations_move_on_tells_the_merchant_in_the_chat(
    merchant: WidgetDriver, visitors: Visitors, mall: str
) -> None:
    merchant.page.goto(f"/demo/{mall}/requests")
    request = merchant.page.locator("#state [data-cell^='request-']").first
    number, request_id = request.locator(".number").inner_text(), request.get_attribute("data-cell")
    operations = visitors.arrive()
    sign_in(operations, "ops")
    operations.goto("/console/requests")
    card = operations.locator(f"[data-cell='{(request_id or '').replace('request-', 'r-')}']")
    card.get_by_role("button", name="확인").click()
    expect(card.locator(".badge")).to_have_text("확인됨")

    expect(request.locator(".badge").first).to_have_text("확인됨", timeout=8_000)
    merchant.open()
    answer = merchant.say("요청 어떻게 됐어요?")
    expect(answer).to_contain_text(number)
    expect(answer).to_contain_text("확인됨")


def test_an_agent_may_look_at_requests_but_not_move_them(agent: Page, mall: str) -> None:
    agent.goto("/console/requests")
    expect(agent.locator(".work > li").first).to_be_visible()
    assert agent.locator(".work").get_by_role("button", name="확인", exact=True).count() == 0

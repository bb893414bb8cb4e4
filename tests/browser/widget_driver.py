"""Drives the channel widget in a page as a person would; every browser test of the widget goes through it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

TURN_MS = 20_000


class WidgetDriver:
    """Playwright looks into the open shadow root by itself, so a test id is all that is needed."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    @property
    def composer(self) -> Locator:
        return self.part("composer")

    @property
    def state(self) -> Locator:
        """Who answers, as the header says it; `data-state` holds the hub's word."""
        return self.part("conversation-state")

    def open(self) -> None:
        """Returns when the panel shows and the conversation is loaded."""
        expect(self.part("panel")).to_be_attached()
        if not self.page.evaluate("() => document.querySelector('opstalk-widget').isOpen"):
            self.part("launcher").click()
        expect(self.part("panel")).to_be_visible()
        self.page.wait_for_function("() => document.querySelector('opstalk-widget').store.loaded", timeout=TURN_MS)
        self.settle()

    def settle(self) -> None:
        """Everything that glides has arrived."""
        self.page.evaluate(
            "() => Promise.all(document.querySelector('opstalk-widget').shadowRoot.getAnimations()"
            ".filter((one) => one.effect.getComputedTiming().iterations < 9).map((one) => one.finished.catch(() => {})))"
        )

    def close(self) -> None:
        self.part("close").click()
        expect(self.part("panel")).to_be_hidden()

    def messages(self, author: str | None = None) -> Locator:
        if author is None:
            return self.part("message")
        return self.page.locator(f'[data-testid="message"][data-author="{author}"]')

    def last(self, author: str = "bot") -> Locator:
        return self.messages(author).last

    def block(self, kind: str) -> Locator:
        """The newest block of a type, e.g. `confirm`, `diff`, `date_picker`."""
        return self.part(f"block-{kind}").last

    def say(self, text: str) -> Locator:
        """Type and send; returns the newest answer of the bot once the turn is over."""
        self.composer.fill(text)
        return self._turn(lambda: self.composer.press("Enter"))

    def press(self, title: str) -> Locator:
        """Press the newest open button with this title; returns the newest answer of the bot once the turn is over."""
        button = self.part("action").and_(self.page.locator(":not([aria-disabled=true])")).filter(has_text=title).last
        return self._turn(button.click)

    def standing(self, plan: str) -> Locator:
        """The confirm card of a plan; `data-standing` says whether it may still be pressed."""
        return self.page.locator(f'[data-plan="{plan}"]')

    def plan(self) -> str:
        """The plan that the newest confirm card asks about."""
        return self.block("confirm").get_attribute("data-plan") or ""

    def send(self, text: str) -> None:
        """Type and send without waiting for an answer."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def pick_date(self, day: str) -> Locator:
        """`day` is 2026-11-29, chosen in the newest date picker's calendar."""
        picker = self.block("date_picker")
        picker.get_by_test_id("date-input").fill(day)
        return self._turn(picker.get_by_test_id("date-submit").click)

    def _turn(self, act: Callable[[], None]) -> Locator:
        """A turn is over when something newer than our own message has come and nothing is on its way."""
        newest = "document.querySelector('opstalk-widget').store.newestSeq"
        before = self.page.evaluate(newest)
        act()
        self.page.wait_for_function(
            """(before) => {
                const { store } = document.querySelector('opstalk-widget');
                const answers = store.messages.filter((m) => m.author !== 'member' && m.seq > before);
                return !store.busy && answers.length > 0;
            }""",
            arg=before, timeout=TURN_MS,
        )  # fmt: skip
        return self.last()

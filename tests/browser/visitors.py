"""People at their browsers: each with a browser context of their own, whose console is kept in case the test fails."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Visitors:
    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser, self._base_url = browser, base_url
        self._contexts: list[BrowserContext] = []
        self.console: list[str] = []
        self.uncaught: list[str] = []

    def arrive(self, **options: Any) -> Page:
        """A tab of somebody new; `options` are those of a browser context."""
        settings: dict[str, Any] = {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "viewport": DESKTOP}
        context = self._browser.new_context(base_url=self._base_url, **(settings | options))
        context.set_default_timeout(10_000)
        context.on("console", self._keep)
        context.on("weberror", lambda error: self.uncaught.append(str(error.error)))
        self._contexts.append(context)
        return context.new_page()

    def leave(self) -> None:
        while self._contexts:
            self._contexts.pop().close()

    def picture(self, folder: Path) -> list[Path]:
        """A screenshot of every open tab and all consoles, written into `folder`."""
        made = []
        for number, page in enumerate((page for context in self._contexts for page in context.pages), 1):
            made.append(folder / f"tab-{number}.png")
            page.screenshot(path=made[-1])
        made.append(folder / "console.log")
        made[-1].write_text("\n".join([*self.console, *self.uncaught]), encoding="utf-8")
        return made

    def _keep(self, message: ConsoleMessage) -> None:
        where = message.location
        self.console.append(f"{message.type}: {message.text} ({where.get('url', '')}:{where.get('lineNumber', '')})")

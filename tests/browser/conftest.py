"""Chromium on the real product; each test has a small shop of its own and as many people as it wants."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from backend.cli.stack import Stack
from tests.browser.chromium import NAMES, executable, launch
from tests.browser.visitors import Visitors
from tests.browser.widget_driver import WidgetDriver
from tests.conversations import small_shop


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """For this folder only: while it lives, its event loop occupies the thread that other tests run theirs in."""
    found = executable()
    if found is None:
        reason = f"no browser: none of {', '.join(NAMES)} is installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = launch(playwright, found)
        yield browser
        browser.close()


@pytest.fixture
def visitors(browser: Browser, as_product: Stack) -> Iterator[Visitors]:
    people = Visitors(browser, as_product.url)
    yield people
    people.leave()
    assert not people.uncaught, f"errors nobody caught in a page: {people.uncaught}"


@pytest.fixture
def mall(as_product: Stack) -> str:
    """The mall id of a new small shop, see `tests/conversations/small_shop.py`."""
    mall_id = f"b{uuid4().hex[:10]}"
    small_shop.build(mall_id, "full")
    return mall_id


@pytest.fixture
def merchant(visitors: Visitors, mall: str) -> WidgetDriver:
    """The owner at the shop's work status page, with the widget open."""
    return sit_down(visitors.arrive(), f"/demo/{mall}/status")


def sit_down(page: Page, address: str) -> WidgetDriver:
    page.goto(address)
    widget = WidgetDriver(page)
    widget.open()
    return widget


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    funcargs = getattr(item, "funcargs", {})
    if report.when == "call" and report.failed and "visitors" in funcargs:
        made = funcargs["visitors"].picture(funcargs["tmp_path"] if "tmp_path" in funcargs else _folder(item))
        report.sections.append(("what the browser showed", "\n".join(map(str, made))))
    return report


def _folder(item: pytest.Item) -> Path:
    made: Path = item.config._tmp_path_factory.mktemp("browser")  # type: ignore[attr-defined]
    return made

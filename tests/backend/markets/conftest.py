"""The market sandbox as a process of its own, met over real HTTP; each test finds it empty and at the test's own time."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest

from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.gateway import http as gateway_http
from backend.markets.gateway.account import NAMES, account_at
from backend.markets.gateway.contract import MarketGateway
from backend.markets.gateway.http import Wire
from backend.markets.gateway.registry import ADAPTERS
from backend.orders.collected import CollectedClaim, CollectedFeed, CollectedOrder
from backend.settings import ROOT, get_settings
from tests.backend.conftest import NOW

SELLERS = {Market.MALL: "oneul", Market.SMARTSTORE: "oneul", Market.COUPANG: "oneul"}
OPENED: list[MarketGateway] = []
LINKED = (Market.MALL, Market.SMARTSTORE, Market.COUPANG)


@dataclass
class Sandbox:
    url: str
    http: httpx.Client

    def _post(self, where: str, /, **body: Any) -> Any:
        answer = self.http.post(f"/_sandbox/{where}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def orders(
        self, market: Market, count: int = 1, *, seller: str = "oneul", seed: int = 1, **order: Any
    ) -> list[str]:
        body = {"market": NAMES[market], "seller": seller, "count": count, "seed": seed, "order": order}
        made: list[str] = self._post("orders", **body)["order_nos"]
        return made

    def order(self, market: Market, order_no: str, seller: str = "oneul") -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/_sandbox/orders/{NAMES[market]}/{seller}/{order_no}").json()
        return found

    def step(self, market: Market, order_no: str, do: str, **more: Any) -> dict[str, Any]:
        done: dict[str, Any] = self._post(
            "steps", market=NAMES[market], seller="oneul", order_no=order_no, do=do, **more
        )
        return done

    def fault(self, kind: str, market: Market | None = None, **more: Any) -> None:
        self._post("faults", kind=kind, market=NAMES[market] if market else None, **more)

    def calm(self) -> None:
        self.http.delete("/_sandbox/faults")

    def limit(self, market: Market, size: int, rate: float) -> None:
        self._post("limits", market=NAMES[market], size=size, rate=rate)

    def time(self, at: datetime | None) -> None:
        self._post("time", at=at.isoformat() if at else None)

    def goods(self, market: Market, rows: list[dict[str, Any]], seller: str = "oneul") -> None:
        self._post("goods", market=NAMES[market], seller=seller, rows=rows)

    def stock(self, market: Market, seller: str = "oneul") -> dict[str, int]:
        rows = self.http.get(f"/_sandbox/goods/{NAMES[market]}/{seller}").json()
        return {row["code"]: row["quantity"] for row in rows}

    def all_goods(self, market: Market, seller: str = "oneul") -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.http.get(f"/_sandbox/goods/{NAMES[market]}/{seller}").json()
        return rows

    def ask(self, market: Market, text: str, *, seller: str = "oneul", **more: Any) -> str:
        """A buyer's question; its number."""
        return str(self._post("questions", market=NAMES[market], seller=seller, text=text, **more)["number"])

    def answer(self, market: Market, number: str, text: str, seller: str = "oneul") -> None:
        """The seller answers on the market's own page."""
        self._post(f"questions/{number}/answer", market=NAMES[market], seller=seller, text=text)

    def refuse(self, market: Market, refused: bool = True, seller: str = "oneul") -> None:
        self._post("refusals", market=NAMES[market], seller=seller, refused=refused)

    def effects(self, what: str, market: Market | None = None) -> list[dict[str, Any]]:
        params = {"what": what} | ({"market": NAMES[market]} if market else {})
        found: list[dict[str, Any]] = self.http.get("/_sandbox/effects", params=params).json()
        return found


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("sandbox") / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.markets.sandbox", "--port", str(port)],
        cwd=ROOT, env=dict(os.environ), stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{url}/_sandbox/health", timeout=1)
                break
            except httpx.HTTPError:
                assert process.poll() is None
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        log.close()


@pytest.fixture
def sandbox(running_sandbox: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("OPSTALK_MARKETS_URL", running_sandbox)
    monkeypatch.setattr(gateway_http, "WITHIN", httpx.Timeout(1.0))
    get_settings.cache_clear()
    with httpx.Client(base_url=running_sandbox, timeout=60) as http:
        made = Sandbox(running_sandbox, http)
        made._post("reset")
        made.time(NOW)
        yield made
        made.calm()
    while OPENED:
        OPENED.pop().close()
    get_settings.cache_clear()


def adapter(market: Market, shop_id: str = "shop_oneul", timeout: float = 5.0) -> MarketGateway:
    account = account_at(shop_id, market, "oneul")
    assert account is not None
    made = ADAPTERS[market](account, Wire(account.url, httpx.Timeout(timeout)))  # type: ignore[call-arg]
    OPENED.append(made)
    return made


def sweep(gateway: MarketGateway, cursor: str | None = None) -> tuple[list[CollectedFeed], str | None]:
    """All pages there are, and the cursor after them."""
    pages = []
    for _ in range(500):
        page = gateway.fetch(cursor)
        pages.append(page)
        cursor = page.cursor
        if not page.more:
            return pages, cursor
    raise AssertionError("the feed never ends")


def told(pages: list[CollectedFeed]) -> tuple[dict[str, CollectedOrder], list[CollectedClaim]]:
    """Orders by number with the newest telling of each line, and the claims."""
    orders: dict[str, CollectedOrder] = {}
    for page in pages:
        for order in page.orders:
            orders[order.market_order_no] = order
    return orders, [claim for page in pages for claim in page.claims]


__all__ = ["LINKED", "Sandbox", "adapter", "clock", "sweep", "told"]

"""Markets and the worker that talks to them, for the one shop of a dialogue: the sandbox and the worker as processes of
their own beside the running product, on its database.

Only this shop's accounts lead anywhere, so nothing is collected for, or told of, the other shops that share the database.
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from backend.cli.ports import free_ports
from backend.cli.processes import Child, stop_all
from backend.cli.stack import Stack
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.gateway.account import NAMES
from backend.markets.sandbox.keys import client_of, refresh_token_of, secret_of
from backend.products.models import Product
from tests.conversations.person import Person
from tests.conversations.stage import Stage

WITHIN = 90.0  # seconds for the worker to have been there, on a busy machine
#: what was bought at each market: item code, name, pieces
BOUGHT = {
    Market.SMARTSTORE: [("P00004-01", "오늘담 데님 셔츠", 1), ("P00005-01", "오늘담 플리츠 스커트", 2)],
    Market.COUPANG: [("P00008-01", "오늘담 롱 패딩", 1)],
}


def markets_open(stage: Stage, mall_id: str, person: Person) -> None:
    """Buyers have ordered at two markets; the worker is at its place."""
    folder = Path(tempfile.mkdtemp(prefix="markets"))
    sandbox = Stack(folder, free_ports(), parts=("markets",))
    stage.on_leaving.append(sandbox.stop)
    sandbox.start()
    sandbox.wait_until_serving()
    for market, lines in BOUGHT.items():
        for code, name, pieces in lines:
            line = {"code": code, "name": name, "option": None, "product_no": "1", "quantity": pieces, "price": 30_000}
            _post(sandbox, "orders", market=NAMES[market], seller=mall_id, order={"lines": [line]})
    accounts = folder / "accounts.json"
    accounts.write_text(json.dumps(_accounts(sandbox, mall_id)), encoding="utf-8")
    env = stage.stack.env() | {"OPSTALK_VAR_DIR": str(folder), "OPSTALK_MARKET_ACCOUNTS": str(accounts)}
    command = [stage.stack.commands()["worker"][0], "-m", "backend.operations.worker", "--only", "markets"]
    worker = Child("worker", command, env, folder / "log" / "worker.log")
    stage.on_leaving.append(lambda: stop_all([worker]))


def worker_tells(stage: Stage, mall_id: str, person: Person, text: str) -> None:
    """The worker's message comes into the thread by itself."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        person.read_notice()
        if text in person.seen():
            return
        time.sleep(0.3)
    raise AssertionError(f"{text!r} did not come within {WITHIN:.0f} s; last was {person.seen()!r}")


def new_products(stage: Stage, mall_id: str, person: Person, whole: bool = True) -> None:
    """Two products that no market knows; without `whole` they lack what a market asks for."""
    with unit_of_work() as session:
        for number, name in ((21, "오늘담 케이블 니트 가디건"), (22, "오늘담 알파카 가디건")):
            session.add(Product(
                id=f"prd_{mall_id}_{number}", shop_id=f"shop_{mall_id}", code=f"P{number:05d}", name=name, brand="오늘담",
                category="여성의류 > 니트 > 가디건", price=52_000, attributes={"소재": "울"} if whole else {},
                image="/images/knit.png" if whole else None, registered_on=clock.today(),
            ))  # fmt: skip


def listed_of(person: Person) -> dict[str, str]:
    """Fact: what the markets said of the new products: "smartstore P00021": "waiting"."""
    found = person.api("/api/markets/listings", limit=100)["items"]
    return {f"{one['market']} {one['seller_code']}": one["word"] for one in found if one["seller_code"]}


def _accounts(sandbox: Stack, mall_id: str) -> dict[str, Any]:
    found = {}
    for market, name in NAMES.items():
        path = f"{name}/{mall_id}" if market is Market.MALL else name
        found[f"shop_{mall_id}/{market.value}"] = {
            "url": f"{sandbox.markets_url}/{path}", "client_id": client_of(name, mall_id), "secret": secret_of(name, mall_id),
            "seller": mall_id, "refresh_token": refresh_token_of(mall_id) if market is Market.MALL else "",
        }  # fmt: skip
    return found


def _post(sandbox: Stack, where: str, /, **body: Any) -> None:
    httpx.post(f"{sandbox.markets_url}/_sandbox/{where}", json=body, timeout=30).raise_for_status()


HAPPENINGS = {"markets_open": markets_open, "worker_tells": worker_tells, "new_products": new_products}
FACTS = {"listed": listed_of}

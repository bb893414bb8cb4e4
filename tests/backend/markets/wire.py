"""What tests of the adapters say to the markets, and read from them."""

import pytest

from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.markets.gateway.contract import Command
from backend.orders.collected import CollectedOrder
from tests.backend.markets.conftest import LINKED, Sandbox, adapter, sweep, told

each_market = pytest.mark.parametrize("market", LINKED)
LINES = [
    {
        "name": "울 가디건",
        "option": "블랙 / M",
        "code": "P00001-01",
        "product_no": "101",
        "quantity": 2,
        "price": 39_000,
        "discount": 1_000,
    },
    {"name": "코튼 셔츠", "option": None, "code": None, "product_no": "102", "quantity": 1, "price": 25_000},
]


def one(market: Market) -> CollectedOrder:
    orders, _ = told(sweep(adapter(market))[0])
    assert len(orders) == 1
    return next(iter(orders.values()))


def lines_of(sandbox: Sandbox, market: Market, number: str) -> list[str]:
    return [line["line_no"] for line in sandbox.order(market, number)["lines"]]


def command(what: CommandKind, number: str, line: str, **more: object) -> Command:
    return Command(what, {"order_no": number, "line_no": line, **more}, f"{what}:{line}")


def invoice(number: str, line: str, tracking: str = "123456789012") -> Command:
    return command(CommandKind.INVOICE, number, line, courier="cj", tracking_no=tracking)

"""Every adapter against the sandbox process: what a market is told takes effect once, and shows."""

import pytest
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.markets.gateway.contract import (
    Command,
    Refused,
    Sent,
)  # fmt: skip
from backend.orders.states import ClaimKind, ClaimState, Fulfilment
from backend.shops.models import Shop
from tests.backend.markets.conftest import Sandbox, adapter, sweep, told
from tests.backend.markets.wire import LINES, command, each_market, invoice, lines_of, one


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    """Tokens belong to a shop."""


@each_market
def test_prepares_and_ships_and_the_market_shows_it(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES)
    first, second = lines_of(sandbox, market, number)
    gateway = adapter(market)
    prepare = command(CommandKind.STATUS, number, first, status="preparing")
    assert gateway.holds(prepare) is False
    assert gateway.tell(prepare) == Sent()
    assert gateway.holds(prepare) is True
    assert gateway.holds(invoice(number, first)) is False
    assert gateway.tell(invoice(number, first)) == Sent()
    assert gateway.holds(invoice(number, first)) is True
    assert gateway.holds(invoice(number, first, "999")) is False
    assert gateway.holds(invoice(number, second)) is False
    assert [(e["line_no"], e["detail"]["no"]) for e in sandbox.effects("invoice")] == [(first, "123456789012")]


@each_market
def test_a_second_parcel_for_the_same_line_is_refused_in_the_markets_words(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    line = lines_of(sandbox, market, number)[0]
    gateway = adapter(market)
    gateway.tell(invoice(number, line))
    told_again = gateway.tell(invoice(number, line, "999999999999"))
    assert isinstance(told_again, Refused) and "cannot be shipped" in told_again.reason
    assert len(sandbox.effects("invoice")) == 1


@each_market
def test_what_the_buyer_asked_to_cancel_is_not_shipped(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    line = lines_of(sandbox, market, number)[0]
    sandbox.step(market, number, "claim", kind="cancel")
    told = adapter(market).tell(invoice(number, line))
    assert isinstance(told, Refused)
    assert not sandbox.effects("invoice")


@each_market
@pytest.mark.parametrize("kind", ["cancel", "return", "exchange"])
def test_answers_a_claim(market: Market, kind: str, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    line = lines_of(sandbox, market, number)[0]
    gateway = adapter(market)
    if kind != "cancel":
        gateway.tell(invoice(number, line))
    sandbox.step(market, number, "claim", kind=kind)
    claim = told(sweep(gateway)[0])[1][-1]
    answer = command(CommandKind.CLAIM, number, line, claim_no=claim.claim_no, kind=kind, answer="approve")
    assert gateway.tell(answer) == Sent()
    if (market, kind) != (Market.COUPANG, "exchange"):
        assert gateway.holds(answer) is True
    assert len(sandbox.effects("claim")) == 1


@each_market
def test_the_merchant_cancels_a_line(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    line = lines_of(sandbox, market, number)[0]
    cancel = command(
        CommandKind.CLAIM, number, line, claim_no=None, kind="cancel", answer="cancel", quantity=2, reason="품절"
    )
    gateway = adapter(market)
    assert gateway.holds(cancel) is False
    assert gateway.tell(cancel) == Sent()
    assert gateway.holds(cancel) is True
    assert [effect["detail"]["to"] for effect in sandbox.effects("claim")] == ["done"]
    assert (ClaimKind.CANCEL, ClaimState.DONE) in {(c.kind, c.state) for c in told(sweep(gateway)[0])[1]}


@each_market
def test_an_exchange_is_sent_with_its_own_parcel(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    line = lines_of(sandbox, market, number)[0]
    gateway = adapter(market)
    gateway.tell(invoice(number, line))
    sandbox.step(market, number, "claim", kind="exchange")
    claim = told(sweep(gateway)[0])[1][-1]
    sent = command(
        CommandKind.CLAIM, number, line, claim_no=claim.claim_no, kind="exchange", answer="exchange_sent", courier="cj",
        tracking_no="555", quantity=1,
    )  # fmt: skip
    assert gateway.tell(sent) == Sent()
    assert [effect["detail"]["to"] for effect in sandbox.effects("claim")] == ["done"]


@each_market
def test_a_wrong_number_is_corrected_where_the_market_lets_one(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    line = lines_of(sandbox, market, number)[0]
    gateway = adapter(market)
    gateway.tell(invoice(number, line))
    better = command(CommandKind.INVOICE, number, line, courier="hanjin", tracking_no="777", correction=True)
    if market is Market.SMARTSTORE:
        assert isinstance(gateway.tell(better), Refused)
    else:
        assert gateway.tell(better) == Sent()
        assert gateway.holds(better) is True
        assert len(sandbox.effects("invoice")) == len(sandbox.effects("correction")) == 1


def test_the_own_mall_learns_that_a_parcel_arrived(sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.MALL, lines=LINES[:1])
    line = lines_of(sandbox, Market.MALL, number)[0]
    gateway = adapter(Market.MALL)
    gateway.tell(invoice(number, line))
    arrived = command(CommandKind.STATUS, number, line, status="delivered")
    assert gateway.holds(arrived) is False
    assert gateway.tell(arrived) == Sent()
    assert gateway.holds(arrived) is True
    assert one(Market.MALL).lines[0].fulfilment is Fulfilment.DELIVERED


@each_market
def test_sets_stock(market: Market, sandbox: Sandbox) -> None:
    sandbox.goods(market, [{"product_no": "101", "code": "P00001-01", "name": "x", "price": 1, "quantity": 5}])
    gateway = adapter(market)
    stock = Command(CommandKind.STOCK, {"product_no": "101", "item_code": "P00001-01", "quantity": 3}, "s")
    assert gateway.tell(stock) == Sent()
    assert sandbox.stock(market) == {"P00001-01": 3}
    missing = Command(CommandKind.STOCK, {"product_no": "404", "item_code": "P404", "quantity": 3}, "m")
    assert isinstance(gateway.tell(missing), Refused)

"""Every adapter against the sandbox process: what a market tells is read whole, in every code it knows."""

from datetime import timedelta

import pytest
import yaml
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.gateway import code_maps
from backend.markets.gateway.contract import (
    CredentialsRefused,
    NotUnderstood,
    Sent,
    Throttled,
    Unreachable,
)  # fmt: skip
from backend.orders.states import ClaimKind, ClaimState, Fulfilment
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.markets.conftest import Sandbox, adapter, sweep, told
from tests.backend.markets.wire import LINES, each_market, invoice, lines_of, one


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    """Tokens belong to a shop."""


@each_market
def test_reads_an_order_whole(market: Market, sandbox: Sandbox) -> None:
    receiver = {
        "name": "김*연", "phone": "0503-1234-5678", "postcode": "63122", "address1": "제주시 노형로 3", "address2": "101-202",
        "country": "KR",
    }  # fmt: skip
    [number] = sandbox.orders(market, lines=LINES, receiver=receiver, message="문 앞에", shipping_fee=3_000)
    order = one(market)
    assert (order.market, order.market_order_no) == (market, number)
    assert (order.buyer_name, order.recipient_name, order.recipient_phone) == ("김*연", "김*연", "0503-1234-5678")
    assert (order.postcode, order.address, order.country, order.message) == (
        "63122", "제주시 노형로 3 101-202", "KR", "문 앞에",
    )  # fmt: skip
    assert order.ordered_at == NOW and order.paid_at is not None
    assert order.total == 2 * 39_000 - 1_000 + 25_000 + 3_000
    first, second = order.lines
    assert (first.name, first.quantity, first.amount, first.discount) == ("울 가디건", 2, 78_000, 1_000)
    assert (first.seller_code, first.option, first.market_product_no) == ("P00001-01", "블랙 / M", "101")
    assert (second.seller_code, second.option) == (None, None)
    assert [line.market_line_no for line in order.lines] == lines_of(sandbox, market, number)
    assert {line.fulfilment for line in order.lines} == {Fulfilment.UNALLOCATED}


@each_market
def test_a_second_sweep_brings_only_what_happened_since(market: Market, sandbox: Sandbox) -> None:
    old = sandbox.orders(market, 3, ordered_at=(NOW - timedelta(days=2)).isoformat())
    gateway = adapter(market)
    pages, cursor = sweep(gateway)
    assert set(told(pages)[0]) == set(old)
    with clock.frozen(NOW + timedelta(minutes=30)):
        sandbox.time(NOW + timedelta(minutes=30))
        [new] = sandbox.orders(market, seed=2)
        again = set(told(sweep(gateway, cursor)[0])[0])
    assert new in again
    if market is not Market.COUPANG:  # which has no list of changes: its open sheets come every time
        assert again == {new}


@each_market
def test_reads_every_order_of_a_feed_of_many_pages(market: Market, sandbox: Sandbox) -> None:
    numbers = sandbox.orders(market, 730)
    pages, _ = sweep(adapter(market))
    assert set(told(pages)[0]) == set(numbers)
    assert sum(1 for page in pages if page.orders) > 1


@each_market
def test_doubled_and_disordered_pages_lose_nothing(market: Market, sandbox: Sandbox) -> None:
    numbers = sandbox.orders(market, 120)
    sandbox.fault("duplicate", market, times=None)
    sandbox.fault("shuffle", market, times=None)
    assert set(told(sweep(adapter(market))[0])[0]) == set(numbers)


def test_every_code_of_cafe24_is_read(sandbox: Sandbox) -> None:
    for raw, known in code_maps.table("cafe24").items():
        sandbox._post("reset")
        [number] = sandbox.orders(Market.MALL, lines=LINES[:1])
        sandbox.step(Market.MALL, number, "raw", raw=raw)
        pages, _ = sweep(adapter(Market.MALL))
        line = told(pages)[0][number].lines[0]
        assert line.raw_status == raw
        assert line.fulfilment is Fulfilment(known.get("fulfilment", "unallocated"))
        assert not any(page.unknown_codes for page in pages)
        claims = {(claim.kind.value, claim.state.value) for claim in told(pages)[1]}
        assert claims == ({(known["claim"], known["state"])} if "claim" in known else set())


def test_a_claims_code_does_not_hide_that_the_parcel_left(sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.MALL, lines=LINES[:1])
    line = lines_of(sandbox, Market.MALL, number)[0]
    assert adapter(Market.MALL).tell(invoice(number, line)) == Sent()
    sandbox.step(Market.MALL, number, "claim", kind="return")
    read = one(Market.MALL).lines[0]
    assert (read.raw_status, read.fulfilment) == ("R00", Fulfilment.SHIPPED)


@pytest.mark.parametrize("raw", sorted(code_maps.table("naver")["status"]))
def test_every_status_of_naver_is_read(raw: str, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.SMARTSTORE, lines=LINES[:1])
    sandbox.step(Market.SMARTSTORE, number, "raw", raw=raw)
    line = one(Market.SMARTSTORE).lines[0]
    assert (line.raw_status, line.fulfilment.value) == (raw, code_maps.table("naver")["status"][raw])


def test_a_paid_line_of_naver_that_the_buyer_wants_cancelled_is_both(sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.SMARTSTORE, lines=LINES[:1])
    sandbox.step(Market.SMARTSTORE, number, "claim", kind="cancel", reason="단순 변심")
    pages, _ = sweep(adapter(Market.SMARTSTORE))
    orders, claims = told(pages)
    line = orders[number].lines[0]
    assert (line.raw_status, line.raw_claim, line.fulfilment) == ("PAYED", "CANCEL_REQUEST", Fulfilment.UNALLOCATED)
    assert (claims[-1].kind, claims[-1].state, claims[-1].reason) == (
        ClaimKind.CANCEL,
        ClaimState.REQUESTED,
        "단순 변심",
    )
    assert claims[-1].market_line_no == line.market_line_no


@pytest.mark.parametrize("raw", sorted(code_maps.table("naver")["claim_status"]))
def test_every_claim_status_of_naver_is_read(raw: str, sandbox: Sandbox) -> None:
    said = code_maps.table("naver")["claim_status"][raw]
    kind = next((word for word in ("return", "exchange") if word.upper() in raw), "cancel")
    word = "PURCHASE_DECISION_HOLDBACK" if said is None else kind.upper()
    [number] = sandbox.orders(Market.SMARTSTORE, lines=LINES[:1])
    sandbox.step(Market.SMARTSTORE, number, "raw", claim_raw=raw, kind=kind, claim_type=word)
    pages, _ = sweep(adapter(Market.SMARTSTORE))
    assert {claim.state.value for claim in told(pages)[1]} == ({said} if said else set())
    assert not any(page.unknown_codes for page in pages)


@pytest.mark.parametrize("raw", sorted(code_maps.table("coupang")["status"]))
def test_every_status_of_coupang_is_asked_for_and_read(raw: str, sandbox: Sandbox) -> None:
    """NONE_TRACKING as well: a list with a filter does not have what nobody asks for."""
    [number] = sandbox.orders(Market.COUPANG, lines=LINES[:1])
    sandbox.step(Market.COUPANG, number, "raw", raw=raw)
    line = one(Market.COUPANG).lines[0]
    assert (line.raw_status, line.fulfilment.value) == (raw, code_maps.table("coupang")["status"][raw])


@pytest.mark.parametrize("raw", sorted(code_maps.table("coupang")["return_status"]))
def test_every_return_status_of_coupang_is_read(raw: str, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.COUPANG, lines=LINES[:1])
    sandbox.step(Market.COUPANG, number, "claim", kind="return", quantity=1)
    sandbox.step(Market.COUPANG, number, "raw", claim_raw=raw, kind="return", quantity=1)
    _, claims = told(sweep(adapter(Market.COUPANG))[0])
    assert [(claim.state.value, claim.quantity, claim.raw_code) for claim in claims] == [
        (code_maps.table("coupang")["return_status"][raw], 1, raw)
    ]


@pytest.mark.parametrize("raw", sorted(code_maps.table("coupang")["exchange_status"]))
def test_every_exchange_status_of_coupang_is_read(raw: str, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.COUPANG, lines=LINES[:1])
    sandbox.step(Market.COUPANG, number, "raw", claim_raw=raw, kind="exchange")
    _, claims = told(sweep(adapter(Market.COUPANG))[0])
    assert [(claim.kind, claim.state.value) for claim in claims] == [
        (ClaimKind.EXCHANGE, code_maps.table("coupang")["exchange_status"][raw])
    ]


@pytest.mark.parametrize(("market", "raw"), [(Market.MALL, "N77"), (Market.SMARTSTORE, "TELEPORTED")])
def test_an_unknown_code_is_kept_reported_and_read_as_a_paid_order(market: Market, raw: str, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market, lines=LINES[:1])
    sandbox.step(market, number, "raw", raw=raw)
    pages, _ = sweep(adapter(market))
    line = told(pages)[0][number].lines[0]
    assert (line.raw_status, line.fulfilment) == (raw, Fulfilment.UNALLOCATED)
    assert {code for page in pages for code in page.unknown_codes} == {f"status:{raw}"}


def test_the_tables_hold_every_code_of_the_documents() -> None:
    """The lists of facts.md, by count and by ends, so that none falls out of the tables."""
    cafe24 = code_maps.table("cafe24")
    assert {prefix: sum(1 for code in cafe24 if code[0] == prefix) for prefix in "NCRE"} == {
        "N": 9,
        "C": 13,
        "R": 14,
        "E": 17,
    }
    assert set(code_maps.table("coupang")["status"]) == {
        "ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING",
    }  # fmt: skip
    assert len(code_maps.table("naver")["status"]) == 9
    assert yaml.safe_load((code_maps.HERE / "couriers.yml").read_text("utf-8"))["cj"]["naver"] == "CJGLS"


@each_market
def test_each_trouble_has_its_name(market: Market, sandbox: Sandbox) -> None:
    gateway = adapter(market, timeout=0.5)
    gateway.fetch(None)  # with a token at hand
    sandbox.fault("throttle", market, retry_after=7)
    with pytest.raises(Throttled) as caught:
        gateway.fetch(None)
    assert caught.value.retry_after == 7
    for kind, error in (("error", Unreachable), ("timeout", Unreachable), ("garbage", NotUnderstood)):
        sandbox.fault(kind, market, seconds=2)
        with pytest.raises(error):
            gateway.fetch(None)
    sandbox.calm()
    gateway.fetch(None)
    sandbox.refuse(market)
    with pytest.raises(CredentialsRefused):
        gateway.fetch(None)
    sandbox.refuse(market, refused=False)
    gateway.fetch(None)


@pytest.mark.parametrize("market", [Market.MALL, Market.SMARTSTORE])
def test_a_token_that_ran_out_is_renewed_in_passing(market: Market, sandbox: Sandbox) -> None:
    gateway = adapter(market)
    gateway.fetch(None)
    sandbox.fault("expired", market, times=1)
    gateway.fetch(None)
    with clock.frozen(NOW + timedelta(hours=5)):
        sandbox.time(NOW + timedelta(hours=5))
        gateway.fetch(None)


def test_coupang_refuses_a_signature_that_is_too_old(sandbox: Sandbox) -> None:
    with clock.frozen(NOW - timedelta(minutes=6)), pytest.raises(CredentialsRefused):
        adapter(Market.COUPANG).fetch(None)


@each_market
def test_one_order_that_cannot_be_read_holds_up_no_other(market: Market, sandbox: Sandbox) -> None:
    numbers = sandbox.orders(market, 3)
    sandbox.fault("broken", market)
    first = next(page for page in sweep(adapter(market))[0] if page.orders)
    read = {order.market_order_no for order in first.orders}
    assert read < set(numbers) and len(read) == 2
    assert set(numbers) - read <= set(first.unreadable)


def test_an_order_from_abroad_keeps_its_country(sandbox: Sandbox) -> None:
    receiver = {
        "name": "J. D.",
        "phone": "1",
        "postcode": "90013",
        "address1": "100 S Main",
        "address2": "",
        "country": "US",
    }
    sandbox.orders(Market.MALL, receiver=receiver)
    assert one(Market.MALL).country == "US"

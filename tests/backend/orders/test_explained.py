"""Whatever an order is told to wait for is what refuses its label or its leaving; once that is gone, both agree again."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import OpsTalkError
from backend.inventory.models import Inbound, StockItem
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.feed_models import CommandState, MarketCommand
from backend.orders.allocate import allocate_waiting
from backend.orders.blockers import KEEPING, Blocker, Stops
from backend.orders.explain import blockers
from backend.orders.parcel_blockers import in_words_of
from backend.orders.states import ClaimKind, ClaimState, F
from backend.plans import service as plans
from backend.shipping.parcels import filled
from backend.shipping.readiness import Obstacle
from backend.shops.models import Shop
from tests.backend.orders.build import add_item, do, line, lines_of, order, parcels_of, put, receive, the_order, took

DOMESTIC, ABROAD = ("cj", "612345678901"), ("ems", "EE123456785KR")
READINESS = Path("backend/shipping/readiness.py")


@pytest.fixture
def item(session: Session, shop: Shop) -> StockItem:
    return add_item(session, shop, 1, stocked=9)


def told(session: Session, number: int) -> list[Blocker]:
    return blockers(session, the_order(session, number))


def keeping(session: Session, number: int) -> set[str]:
    return {one.code for one in told(session, number) if one.stops in KEEPING} - {"not_labelled"}


def refusal(session: Session, actor: Actor, number: int, courier: tuple[str, str] = DOMESTIC) -> str | None:
    """What refuses the parcel's next step, or None: its label first, its leaving once it bears one."""
    order_no = the_order(session, number).order_no
    kind: str = "shipment.ship"
    wish: dict[str, Any] = {"order_ids": [order_no]}
    if not parcels_of(session, number)[0].tracking_no:
        item = {"order_id": order_no, "courier": courier[0], "tracking_no": courier[1]}
        kind, wish = "invoice.register", {"items": [item]}
    try:
        plans.preview(session, actor, kind, wish)
    except OpsTalkError as error:
        return error.error_code
    return None


def label(session: Session, actor: Actor, number: int, courier: tuple[str, str] = DOMESTIC) -> None:
    named = {"order_id": the_order(session, number).order_no, "courier": courier[0], "tracking_no": courier[1]}
    do(session, actor, "invoice.register", items=[named])


SITUATIONS = ("unmatched", "out_of_stock", "held", "awaiting_payment", "claim_open", "address_missing", "disrupted")
DECIDED = {
    "unmatched": "shipment_not_allocated", "out_of_stock": "shipment_not_allocated", "held": "shipment_held",
    "awaiting_payment": "shipment_unpaid", "claim_open": "claim_undecided", "address_missing": "shipment_no_address",
    "disrupted": "disruption_region",
}  # fmt: skip


def arrange(session: Session, shop: Shop, owner: Actor, situation: str) -> Callable[[], object]:
    """Puts an order 1 into the situation; returns what frees it."""
    stock = session.get_one(StockItem, f"itm_{shop.mall_id}_01")
    match situation:
        case "unmatched":
            took(session, shop, order(1, line("u", seller_code="?", name="?")))
            ids = [one.id for one in lines_of(session, 1)]
            return lambda: (
                do(session, owner, "order.match", line_ids=ids, item_id=stock.id), allocate_waiting(session, shop.id)
            )  # fmt: skip
        case "out_of_stock":
            took(session, shop, order(1, line("a", quantity=12)))
            return lambda: (receive(session, shop, stock, 3), allocate_waiting(session, shop.id))
        case "held":
            took(session, shop, order(1))
            allocate_waiting(session, shop.id)
            do(session, owner, "order.hold", order_id="20261118001", reason="확인")
            return lambda: do(session, owner, "order.release", order_id="20261118001")
        case "awaiting_payment":
            took(session, shop, order(1, line("w", fulfilment=F.AWAITING_PAYMENT), paid_at=None))
            paid = order(1, line("w"), changed_at=clock.now())
            return lambda: (took(session, shop, paid), allocate_waiting(session, shop.id))
        case "claim_open":
            took(session, shop, order(1))
            mine = lines_of(session, 1)[0]
            mine.claim_kind, mine.claim_state = ClaimKind.RETURN, ClaimState.REQUESTED
            return lambda: setattr(lines_of(session, 1)[0], "claim_state", ClaimState.REJECTED)
        case "address_missing":
            took(session, shop, order(1, address=None))
            return lambda: took(session, shop, order(1, changed_at=clock.now()))
        case _:
            took(session, shop, order(1))
            put(session, shop, "disruption_regions", [{"start": "06000", "end": "06999", "name": "강남"}])
            return lambda: put(session, shop, "disruption_regions", [])


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_told_is_what_refuses_and_both_end_together(
    session: Session, shop: Shop, owner: Actor, item: StockItem, situation: str
) -> None:
    free = arrange(session, shop, owner, situation)
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert keeping(session, 1) == {situation}
    assert refusal(session, owner, 1) == DECIDED[situation]
    found = next(one for one in told(session, 1) if one.code == situation)
    assert found.frees_it
    assert wording().say(f"order_blocker.{situation}", data=found.data)
    free()
    session.flush()
    session.expire_all()
    assert (keeping(session, 1), refusal(session, owner, 1)) == (set(), None)


def test_missing_stock_is_told_with_the_day_it_arrives(
    session: Session, shop: Shop, owner: Actor, item: StockItem
) -> None:
    arrange(session, shop, owner, "out_of_stock")
    due = clock.today() + timedelta(days=2)
    session.add(Inbound(
        id="inb_1", shop_id=shop.id, item_id=item.id, quantity=5, due_on=due, created_at=clock.now(),
    ))  # fmt: skip
    allocate_waiting(session, shop.id)
    session.expire_all()
    short = told(session, 1)[0]
    assert short.data["next_inbound"] == {"due_on": due.isoformat(), "quantity": 5, "days_late": 0}


@pytest.mark.parametrize("kind", list(ClaimKind))
@pytest.mark.parametrize("state", list(ClaimState))
def test_a_claim_is_in_the_way_exactly_while_it_refuses_the_label(
    session: Session, shop: Shop, owner: Actor, item: StockItem, kind: ClaimKind, state: ClaimState
) -> None:
    took(session, shop, order(1))
    allocate_waiting(session, shop.id)
    mine = lines_of(session, 1)[0]
    mine.claim_kind, mine.claim_state = kind, state
    session.flush()
    refused = refusal(session, owner, 1)
    assert keeping(session, 1) == ({"claim_open"} if refused else set())


def test_an_order_abroad_waits_for_what_customs_asks(session: Session, shop: Shop, owner: Actor) -> None:
    bare = add_item(session, shop, 1, stocked=5, english_name="Cardigan")
    took(session, shop, order(1, country="US", postcode="10001", address="1 Broadway, New York"))
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert (keeping(session, 1), refusal(session, owner, 1, ABROAD)) == ({"customs_missing"}, "customs_data_missing")
    found = next(one for one in told(session, 1) if one.code == "customs_missing")
    assert found.data["items"][0]["missing"] == ["origin_country", "hs_code"]
    free = found.frees_it[0]
    assert (free.kind, free.params) == ("item.update", {"item_ids": [bare.id]})
    said = wording().say("order_blocker.customs_missing", data=found.data)
    assert "영문 상품명" not in said
    assert "HS코드" in said
    do(session, owner, free.kind or "", **free.params, hs_code="6110.30", origin_country="KR")
    assert (keeping(session, 1), refusal(session, owner, 1, ABROAD)) == (set(), None)


def test_a_label_of_a_courier_who_stays_at_home_keeps_a_parcel_abroad(
    session: Session, shop: Shop, owner: Actor
) -> None:
    add_item(session, shop, 1, stocked=5, english_name="Cardigan", hs_code="611030", origin_country="KR")
    took(session, shop, order(1, country="US", postcode="10001", address="1 Broadway, New York"))
    allocate_waiting(session, shop.id)
    session.expire_all()
    label(session, owner, 1, ABROAD)
    parcels_of(session, 1)[0].courier = "cj"
    session.flush()
    assert (keeping(session, 1), refusal(session, owner, 1)) == ({"courier_not_overseas"}, "courier_not_overseas")
    parcels_of(session, 1)[0].courier = "ems"
    session.flush()
    assert (keeping(session, 1), refusal(session, owner, 1)) == (set(), None)


def test_a_disrupted_region_keeps_only_parcels_of_cj(
    session: Session, shop: Shop, owner: Actor, item: StockItem
) -> None:
    took(session, shop, order(1, postcode="063-12"))
    allocate_waiting(session, shop.id)
    session.expire_all()
    label(session, owner, 1, ("한진", "6123456789"))
    put(session, shop, "disruption_regions", [{"start": "06000", "end": "06999", "name": "강남"}])
    assert (keeping(session, 1), refusal(session, owner, 1)) == (set(), None), "it has another courier's label"
    parcels_of(session, 1)[0].courier = "cj"
    session.flush()
    assert (keeping(session, 1), refusal(session, owner, 1)) == ({"disrupted"}, "disruption_region")
    put(session, shop, "linked_couriers", ["hanjin"])
    assert (keeping(session, 1), refusal(session, owner, 1)) == (set(), None), "without CJ nobody knows of regions"


def test_an_order_is_told_of_the_orders_it_leaves_with(session: Session, shop: Shop, owner: Actor) -> None:
    add_item(session, shop, 1, stocked=1)
    rest = add_item(session, shop, 2, stocked=0)
    took(session, shop, order(1), order(2, line("b", name="울 가디건 2", seller_code="P00002-01")))
    allocate_waiting(session, shop.id)
    session.expire_all()
    do(session, owner, "order.merge", order_ids=["20261118001", "20261118002"])
    assert (keeping(session, 1), refusal(session, owner, 1)) == ({"others_lack_stock"}, "shipment_not_allocated")
    assert keeping(session, 2) == {"out_of_stock"}
    waits = next(one for one in told(session, 1) if one.code == "others_lack_stock")
    assert (waits.data["orders"], waits.data["items"]) == (["20261118002"], [rest.name])
    receive(session, shop, rest, 1)
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert (keeping(session, 1), keeping(session, 2), refusal(session, owner, 1)) == (set(), set(), None)


def test_what_may_go_astray_is_told_but_keeps_nothing(
    session: Session, shop: Shop, owner: Actor, item: StockItem
) -> None:
    took(session, shop, order(1, postcode="123-456"))
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert ("postcode_bad", Stops.ARRIVING) in [(one.code, one.stops) for one in told(session, 1)]
    assert refusal(session, owner, 1) is None
    label(session, owner, 1)
    took(session, shop, order(1, address="부산 해운대구 우동 1", postcode="48094", changed_at=clock.now()))
    assert {one.code for one in told(session, 1) if one.stops is Stops.ARRIVING} == {"postcode_bad", "address_changed"}
    assert (keeping(session, 1), refusal(session, owner, 1)) == (set(), None)


def test_a_number_the_market_would_not_take_is_told_until_it_takes_it(
    session: Session, shop: Shop, owner: Actor, item: StockItem
) -> None:
    took(session, shop, order(1, line("a"), line("b")))
    allocate_waiting(session, shop.id)
    session.expire_all()
    label(session, owner, 1)
    do(session, owner, "shipment.ship", order_ids=["20261118001"])
    words = list(session.scalars(select(MarketCommand)))
    assert len(words) == 2
    assert told(session, 1) == []
    for word in words:
        word.state, word.error = CommandState.FAILED, "택배사 코드가 올바르지 않습니다"
    session.flush()
    found = told(session, 1)
    assert [(one.code, one.stops) for one in found] == [("invoice_refused", Stops.TELLING)], "once a parcel"
    assert "택배사 코드가 올바르지 않습니다" in wording().say("order_blocker.invoice_refused", data=found[0].data)
    do(session, owner, "market_command.retry", **found[0].frees_it[0].params)
    assert told(session, 1) == [], "both are on their way again"


CODES = sorted(set(re.findall(r'Obstacle\("(\w+)"', READINESS.read_text(encoding="utf-8"))) | {"shipment_not_labelled"})
ANY_DATA: dict[str, Any] = {
    "reason": None, "kind": "cancel", "item": "울 가디건", "items": [{"item_id": "itm_1", "item": "울 가디건", "missing": ["hs_code"]}],
    "region": "강남", "postcode": "06236", "courier": "cj", "country": "US", "lines": [],
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_everything_that_refuses_a_parcel_has_its_words(
    session: Session, shop: Shop, item: StockItem, code: str
) -> None:
    took(session, shop, order(1))
    parcel = filled(session, shop.id, parcels_of(session, 1))[0]
    for one in in_words_of(parcel, Obstacle(code, ANY_DATA), the_order(session, 1).id):
        assert wording().say(f"order_blocker.{one.code}", data=one.data)
        assert all(wording().say(f"order_frees.{free.code}", data=one.data) for free in one.frees_it)
        assert one.code in wording().named("blocker")

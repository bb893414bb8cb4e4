"""Orders are found however people write them, and why they do not move is what the engine decides by."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory.models import Inbound, StockItem
from backend.kit import clock
from backend.markets.codes import Market
from backend.orders.allocate import allocate_waiting
from backend.orders.blockers import Stops
from backend.orders.explain import blockers, stuck
from backend.orders.listing import states_of
from backend.orders.models import Order, OrderLine
from backend.orders.searching import names_in
from backend.orders.sharing import may_have_more
from backend.orders.states import GONE, OPEN, ClaimKind, ClaimState, F, OrderState, ShipmentState
from backend.orders.waiting import lines_of_orders
from backend.shops.models import Shop
from tests.backend.orders.build import add_item, do, line, lines_of, order, parcels_of, put, receive, the_order, took

Client = Callable[[Actor | None], TestClient]


@pytest.fixture
def item(session: Session, shop: Shop) -> StockItem:
    return add_item(session, shop, 1, stocked=1)


@pytest.fixture
def many(session: Session, shop: Shop, item: StockItem) -> None:
    took(
        session, shop, order(1), order(2, buyer_name="박*진", recipient_name="이서연", market=Market.COUPANG),
        order(3, line("x", fulfilment=F.DELIVERED, raw_status="DELIVERED", name="면 티셔츠", seller_code=None)),
        order(4, line("y", fulfilment=F.AWAITING_PAYMENT), paid_at=None, ordered_at=clock.now() - timedelta(days=40)),
    )  # fmt: skip
    allocate_waiting(session, shop.id)
    session.commit()


@pytest.mark.parametrize(("query", "found"), [
    ({"order_no": "20261118001"}, [1]), ({"order_no": "2026-1118 001"}, [1]), ({"order_no": "8001"}, [1]), ({"order_no": "18004번"}, [4]),
    ({"order_no": "001"}, []), ({"text": "18002"}, [2]), ({"buyer": "박서진"}, [2]), ({"buyer": "이서연"}, [2]), ({"buyer": "이서현"}, [2]),
    ({"buyer": "김*수"}, [1, 3, 4]), ({"buyer": "최민수"}, []), ({"text": "김민수"}, [1, 3, 4]), ({"product": "티셔츠"}, [3]),
    ({"product": "가디건"}, [1, 2, 4]), ({"text": "면티셔츠"}, [3]), ({"market": "coupang"}, [2]), ({"state": "awaiting_payment"}, [4]),
    ({"state": ["delivered", "allocated"]}, [1, 3]), ({"raw_code": "delivered"}, [3]), ({"from": "2026-11-01"}, [1, 2, 3]),
    ({"to": "2026-11-01"}, [4]), ({"flag": "unmatched"}, []), ({"flag": "held"}, []), ({"handled": "false"}, []),
])  # fmt: skip
def test_orders_are_found_however_they_are_written(
    client: Client, owner: Actor, many: None, query: dict[str, Any], found: list[int]
) -> None:
    page = client(owner).get("/api/orders", params=query).json()
    assert sorted(one["order_no"][-3:] for one in page["items"]) == [f"{n:03}" for n in found], page
    assert page["total"] == len(found)


def test_pages_and_counts_agree(client: Client, owner: Actor, many: None) -> None:
    http = client(owner)
    whole = http.get("/api/orders").json()
    assert whole["counts"] == {"allocated": 1, "unallocated": 1, "delivered": 1, "awaiting_payment": 1}
    first = http.get("/api/orders", params={"limit": 3}).json()
    rest = http.get("/api/orders", params={"limit": 3, "offset": first["next_offset"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [one["id"] for one in whole["items"]]
    assert rest["next_offset"] is None


def test_one_order_is_told_whole(client: Client, session: Session, owner: Actor, many: None) -> None:
    do(session, owner, "order.hold", order_id="20261118001", reason="확인")
    session.commit()
    told = client(owner).get("/api/orders/20261118001").json()
    assert (told["state"], told["held"], told["shipments"][0]["hold_reason"]) == ("allocated", True, "확인")
    assert [entry["code"] for entry in told["timeline"]] == ["ordered", "paid", "collected", "order.hold"]
    assert told["lines"][0]["item_code"] == "P00001-01"


@pytest.mark.parametrize(("said", "found", "by"), [
    ("20261118-001 주문 왜 안 나가?", ["001"], ["number"]), ("끝자리 18003 주문 보여줘", ["003"], ["number"]),
    ("박서진님 주문 보류해줘", ["002"], ["buyer"]), ("면 티셔츠 주문한 거 어디까지 갔어?", ["003"], ["product"]),
    ("김민수님 티셔츠 주문", ["003"], ["buyer", "product"]), ("주문 좀 보여줘", [], []),
])  # fmt: skip
def test_a_sentence_says_which_order_is_meant(
    client: Client, owner: Actor, many: None, said: str, found: list[str], by: list[str]
) -> None:
    mentions = client(owner).get("/api/orders/find", params={"text": said}).json()
    assert [one["order"]["order_no"][-3:] for one in mentions] == found
    assert all(one["by"] == by for one in mentions)


def codes(session: Session, number: int) -> list[str]:
    return [one.code for one in blockers(session, the_order(session, number))]


def test_each_thing_in_the_way_is_named_and_gone_once_it_is_freed(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    took(session, shop, order(1), order(2))
    allocate_waiting(session, shop.id)
    assert codes(session, 1) == ["not_labelled"]
    short = next(one for one in blockers(session, the_order(session, 2)) if one.code == "out_of_stock")
    assert (short.data["needed"], short.data["available"], short.data["ahead"], short.data["next_inbound"]) == (
        1,
        0,
        0,
        None,
    )
    session.add(
        Inbound(
            id="inb_1",
            shop_id=shop.id,
            item_id=item.id,
            quantity=5,
            due_on=clock.today() - timedelta(days=3),
            created_at=clock.now(),
        )
    )
    session.flush()
    short = blockers(session, the_order(session, 2))[0]
    assert short.data["next_inbound"] == {"due_on": "2026-11-15", "quantity": 5, "days_late": 3}
    assert [free.code for free in short.frees_it] == ["arrives", "receive"]
    receive(session, shop, item, 1)
    assert codes(session, 2) == ["waits_its_turn", "not_labelled"]
    allocate_waiting(session, shop.id)
    assert codes(session, 2) == ["not_labelled"]
    do(session, owner, "order.hold", order_id="20261118001", reason="확인")
    held = blockers(session, the_order(session, 1))
    assert [(one.code, one.data.get("reason")) for one in held] == [("held", "확인"), ("not_labelled", None)]
    free = held[0].frees_it[0]
    do(session, owner, free.kind or "", **free.params)
    assert codes(session, 1) == ["not_labelled"]


def test_who_is_asked_before_it_is_told(session: Session, shop: Shop, item: StockItem) -> None:
    took(
        session,
        shop,
        *(order(n, line(f"{n}", quantity=2), paid_at=clock.now() - timedelta(hours=9 - n)) for n in (1, 2, 3)),
    )
    last = blockers(session, the_order(session, 3))[0]
    assert (last.data["ahead"], last.data["ahead_count"]) == (4, 2)
    assert [one["order_no"] for one in last.data["ahead_orders"]] == ["20261118001", "20261118002"]
    put(session, shop, "allocation_priority", "dearest")
    the_order(session, 3).total = 99_999
    session.flush()
    assert blockers(session, the_order(session, 3))[0].data["ahead"] == 0, "the queue is the setting's"


def test_addresses_labels_and_claims_are_in_the_way(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    receive(session, shop, item, 9)
    took(
        session, shop, order(1, address=None), order(2, postcode="123-456"), order(3), order(4, line("u", seller_code="?", name="?")),
        order(5, line("w", fulfilment=F.AWAITING_PAYMENT), paid_at=None), order(6), order(7, country="JP", postcode="100-0001"),
    )  # fmt: skip
    allocate_waiting(session, shop.id)
    put(session, shop, "disruption_regions", [{"start": "06000", "end": "06999", "name": "강남"}])
    claimed = lines_of(session, 6)[0]
    claimed.claim_kind, claimed.claim_state = ClaimKind.EXCHANGE, ClaimState.REQUESTED
    do(session, owner, "order.merge_lock", order_id="20261118003", forbidden=True)
    assert codes(session, 1) == ["address_missing", "disrupted", "not_labelled"]
    assert codes(session, 2) == ["not_labelled", "postcode_bad"]
    assert codes(session, 3) == ["disrupted", "not_labelled", "merge_forbidden"]
    assert codes(session, 4)[0] == "unmatched"
    assert codes(session, 5)[0] == "awaiting_payment"
    assert codes(session, 6) == ["claim_open", "disrupted", "not_labelled"]
    assert codes(session, 7) == ["customs_missing", "not_labelled"]
    put(session, shop, "linked_couriers", ["hanjin"])
    assert codes(session, 3) == ["not_labelled", "merge_forbidden"], "only CJ knows such regions"
    parcel = parcels_of(session, 3)[0]
    parcel.state = ShipmentState.LABELLED
    session.flush()
    assert codes(session, 3) == ["not_labelled", "merge_forbidden"], "a label without a number is none"
    parcel.courier, parcel.tracking_no = "cj", "1234567890"
    the_order(session, 3).address = "새 주소"
    session.flush()
    assert codes(session, 3) == ["address_changed", "merge_forbidden"]


def test_everything_stuck_is_counted_by_what_is_in_the_way(
    client: Client, session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    took(session, shop, order(1), order(2), order(3, line("u", seller_code="?", name="?")), order(4))
    allocate_waiting(session, shop.id)
    do(session, owner, "order.hold", order_id="20261118004")
    session.commit()
    told = client(owner).get("/api/orders/stuck").json()
    assert (told["waiting"], told["stuck"]) == (4, 3)
    assert told["counts"] == {"out_of_stock": 1, "unmatched": 1, "held": 1}
    one = client(owner).get("/api/orders/stuck", params={"code": "unmatched"}).json()
    assert [order["order_no"] for order in one["orders"]] == ["20261118003"]
    assert client(owner).get("/api/orders/20261118001/explain").json()["may_leave"] is False
    assert client(owner).get("/api/orders/none/explain").status_code == 404


def test_what_is_explained_is_what_the_engine_does(session: Session, shop: Shop, owner: Actor) -> None:
    """With stock for all: whoever is told that only stock lacks is served, whoever is told anything else is not."""
    item = add_item(session, shop, 1)
    took(
        session, shop, order(1), order(2), order(3, line("u", seller_code="?", name="?")), order(4),
        order(5, line("w", fulfilment=F.AWAITING_PAYMENT), paid_at=None),
    )  # fmt: skip
    do(session, owner, "order.hold", order_id="20261118002")
    do(session, owner, "order.remove", order_id="20261118004")
    told = {
        n: {one.code for one in blockers(session, the_order(session, n)) if one.stops is Stops.ALLOCATION}
        for n in range(1, 6)
    }
    lines = {n: lines_of_orders(session, shop.id, [the_order(session, n).id]) for n in range(1, 6)}
    assert (
        {n for n in told if told[n] == {"out_of_stock"}}
        == {n for n in lines if any(map(may_have_more, lines[n]))}
        == {1}
    )
    receive(session, shop, item, 99)
    allocate_waiting(session, shop.id)
    assert [n for n in range(1, 6) if lines_of(session, n)[0].allocated] == [1]
    assert set(stuck(session, shop.id)[0]) == {the_order(session, n).id for n in (2, 3, 5)}


def test_one_word_for_an_order_follows_from_its_lines(session: Session, shop: Shop, item: StockItem) -> None:
    """Every pair of line states has its word: the same in SQL as said here."""
    took(session, shop, order(1, line("a"), line("b")))
    first, second = lines_of(session, 1)
    for one in F:
        for other in F:
            first.fulfilment, second.fulfilment = one, other
            session.flush()
            assert states_of(session, shop.id, [first.order_id])[first.order_id] is word_for({one, other}), (one, other)


def word_for(states: set[F]) -> OrderState:
    kept = states - {F.CANCELLED}
    if not kept:
        return OrderState.CANCELLED
    if F.AWAITING_PAYMENT in kept:
        return OrderState.AWAITING_PAYMENT
    waiting = kept & OPEN
    if waiting and kept & GONE:
        return OrderState.PARTLY_SHIPPED
    if waiting:
        alone = next(iter(waiting)) if len(waiting) == 1 else F.PARTLY_ALLOCATED
        return OrderState(alone.value)
    return next(OrderState(state.value) for state in (F.SHIPPED, F.DELIVERED, F.CONFIRMED) if state in kept)


def test_history_is_found_but_never_stuck(session: Session, shop: Shop, item: StockItem) -> None:
    session.add(
        Order(
            id="ord_old",
            shop_id=shop.id,
            order_no="20250101-0000001",
            market=Market.MALL,
            buyer_name="김*수",
            ordered_at=clock.now(),
            total=1,
        )
    )
    session.flush()
    session.add(
        OrderLine(id="orl_old", shop_id=shop.id, order_id="ord_old", quantity=1, amount=1, fulfilment=F.UNALLOCATED)
    )
    session.flush()
    assert stuck(session, shop.id)[0] == {}
    assert [one.code for one in blockers(session, session.get_one(Order, "ord_old"))] == ["not_handled"]


def test_days_are_days_in_seoul(client: Client, session: Session, shop: Shop, item: StockItem, owner: Actor) -> None:
    midnight = clock.seoul(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    took(session, shop, order(1, ordered_at=midnight), order(2, ordered_at=midnight - timedelta(seconds=1)))
    session.commit()
    today: date = clock.today()
    page = client(owner).get("/api/orders", params={"from": today.isoformat(), "to": today.isoformat()}).json()
    assert [one["order_no"] for one in page["items"]] == ["20261118001"]
    assert len(list(session.scalars(select(Order)))) == 2


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("최근 주문 보여줘", set()), ("합포장 할수있는거 있나", set()), ("보류 걸린거 다 풀어줘", set()), ("최근주문", set()),
        ("정산은 언제 돼?", set()), ("최민주 주문 보여줘", {"최*주"}), ("최*주 주문", {"최*주"}), ("최민주님꺼 취소", {"최*주"}),
        ("어제 최민주 거 취소해줘", {"최*주"}), ("최민주", {"최*주"}), ("김민수꺼 보류", {"김민수"}), ("박 민수 주문", set()),
    ],
)  # fmt: skip
def test_a_masked_name_is_not_found_in_every_other_word(
    session: Session, shop: Shop, said: str, meant: set[str]
) -> None:
    names = ("최*주", "장*수", "류*린", "정*은", "김민수")
    took(session, shop, *(order(number, buyer_name=name, recipient_name=name) for number, name in enumerate(names, 1)))
    assert names_in(session, shop.id, said) == meant

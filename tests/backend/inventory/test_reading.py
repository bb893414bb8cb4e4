"""The stock list, labels, history and arrivals as the API tells them."""

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory import ledger, service
from backend.inventory.asked import ItemsAsked, LowAsked
from backend.inventory.models import Inbound, StockItem, StockMovement
from backend.inventory.states import ItemState, StockLabel
from backend.kit import clock
from backend.orders.models import Order, OrderLine
from tests.backend.inventory.conftest import Set, carry_out, undo
from tests.backend.plans.whole_state import rolled_back

Ids = dict[str, str]
Client = Callable[[Actor | None], TestClient]


def test_an_item_tells_what_is_there_promised_and_free(
    client: Client, session: Session, owner: Actor, ids: Ids
) -> None:
    ledger.reserve(session, owner.shop_id, ids["item"], 8)
    session.commit()
    told = client(owner).get(f"/api/inventory/items/{ids['item']}").json()
    assert (told["stocked"], told["reserved"], told["available"], told["label"]) == (10, 8, 2, "nearly_out")
    assert told["supplier"] == "secret of oneul"


#: (stocked, reserved, safety, due): label
LABELLED = {
    (10, 0, 3, 0): "in_stock", (4, 0, 3, 0): "in_stock", (3, 0, 3, 0): "nearly_out", (10, 8, 3, 0): "nearly_out",
    (5, 5, 3, 0): "sold_out", (0, 0, 0, 0): "sold_out", (1, 0, 0, 0): "in_stock", (0, 0, 3, 5): "arriving",
    (3, 5, 3, 0): "sold_out", (5, 0, 3, 5): "in_stock", (3, 0, 3, 9): "nearly_out",
}  # fmt: skip


def test_labels_are_the_same_one_by_one_and_as_a_filter(session: Session, owner: Actor, ids: Ids) -> None:
    for (stocked, reserved, safety, due), label in LABELLED.items():
        with rolled_back(session):
            item = session.get_one(StockItem, ids["item"])
            item.stocked, item.reserved, item.safety = stocked, reserved, safety
            if due:
                session.add(Inbound(
                    id="inb_x", shop_id=owner.shop_id, item_id=item.id, quantity=due, due_on=clock.today(),
                    created_at=clock.now(),
                ))  # fmt: skip
            session.flush()
            assert service.labels(session, owner.shop_id, [item])[item.id] == label
            for each in StockLabel:
                page = service.items_of(session, owner.shop_id, ItemsAsked(label=each, limit=100))
                assert (item.id in {row.id for row in page.items}) == (each == label)
            low = service.low_items(session, owner.shop_id, LowAsked(limit=100))
            assert (item.id in {row.id for row in low.items}) == (label != "in_stock")
            assert low.total == len(low.items)


def test_the_markets_are_told_by_the_shops_basis(session: Session, owner: Actor, ids: Ids, setting: Set) -> None:
    ledger.reserve(session, owner.shop_id, ids["item"], 3)
    setting("market_stock_arbitrary", 555)
    item = session.get_one(StockItem, ids["item"])
    for basis, told in (("current", 10), ("available", 7), ("arbitrary", 555), ("mall", None)):
        setting("market_stock_basis", basis)
        assert service.market_quantity(session, owner.shop_id, item) == told
        assert service.item_out(session, owner.shop_id, item).market_quantity == told


def test_the_list_is_searched_filtered_and_paged(
    client: Client, session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    setting("option_tags", ["신상"])
    carry_out(session, owner, "item.update", item_ids=[ids["item_2"]], add_tags=["신상"])
    session.commit()
    asks = client(owner)
    there = session.scalar(
        select(func.count()).where(StockItem.shop_id == owner.shop_id, StockItem.state == ItemState.ACTIVE)
    )
    first = asks.get("/api/inventory/items", params={"limit": 2}).json()
    assert (len(first["items"]), first["total"], first["next_offset"]) == (2, there, 2)
    rest = asks.get("/api/inventory/items", params={"limit": there, "offset": 2}).json()
    assert (len(rest["items"]), rest["next_offset"]) == (there - 2, None)
    listed = [row["id"] for row in first["items"] + rest["items"]]
    assert len(set(listed)) == there and {ids["item"], ids["item_2"], ids["item_3"]} <= set(listed)
    tagged = asks.get("/api/inventory/items", params={"tag": "신상"}).json()
    assert [row["id"] for row in tagged["items"]] == [ids["item_2"]]
    assert asks.get("/api/inventory/items", params={"tag": "신"}).json()["total"] == 0
    by_code = asks.get("/api/inventory/items", params={"text": tagged["items"][0]["code"].lower()}).json()
    assert [row["id"] for row in by_code["items"]] == [ids["item_2"]]
    assert asks.get("/api/inventory/items", params={"text": "%"}).json()["total"] == 0


def test_questions_that_make_no_sense_are_refused(client: Client, owner: Actor, ids: Ids) -> None:
    for query in ({"limit": 0}, {"limit": 101}, {"offset": -1}, {"label": "gone"}, {"text": "x" * 201}):
        assert client(owner).get("/api/inventory/items", params=query).status_code == 422, query


def test_a_sentence_names_a_product_an_option_or_a_code(session: Session, owner: Actor, ids: Ids) -> None:
    item = session.get_one(StockItem, ids["item"])
    product = item.name.removesuffix(f" / {item.option_name}")

    def found(text: str) -> list[tuple[str, str]]:
        return [(told.id, told.by) for told in service.mentioned_items(session, owner.shop_id, text)]

    assert found(f"{item.code} 몇 개 남았어?") == [(ids["item"], "code")]
    assert {by for _, by in found(f"{product} 재고 알려줘")} == {"product"}
    assert len(found(f"{product} 재고 알려줘")) == 2
    assert found(f"{product} 검정 엠사이즈 몇 개야") == [(ids["item"], "option")]
    assert found(f"{product.replace(' ', '')}아이보리재고") == [(ids["item_2"], "option")]
    assert found("오늘 날씨 어때") == []


def test_history_says_why_who_and_what_was_put_back(client: Client, session: Session, owner: Actor, ids: Ids) -> None:
    done = carry_out(
        session, owner, "stock.adjust", way="issue", note="촬영", lines=[{"item_id": ids["item"], "quantity": 2}]
    )
    back = undo(session, owner, done)
    session.commit()
    asks = client(owner)
    path = f"/api/inventory/items/{ids['item']}/movements"
    rows = asks.get(path).json()["movements"]
    assert [(row["reason"], row["before"], row["balance"], row["undone"]) for row in rows] == [
        ("undo", 8, 10, False), ("issue", 10, 8, True), ("receive", 0, 10, False),
    ]  # fmt: skip
    assert (rows[1]["note"], rows[1]["by_name"]) == ("촬영", "oneul owner")
    undo(session, owner, back)
    session.commit()
    rows = asks.get(path).json()["movements"]
    assert [row["undone"] for row in rows] == [False, True, False, False], "the undo was undone: the issue stands again"
    assert asks.get(path, params={"reason": "issue"}).json()["total"] == 1


def test_history_by_period_counts_days_of_seoul(client: Client, session: Session, owner: Actor, ids: Ids) -> None:
    session.commit()
    asks, today = client(owner), clock.today()
    assert asks.get("/api/inventory/movements", params={"from": str(today), "to": str(today)}).json()["total"] == (
        session.scalar(select(func.count()).where(StockMovement.shop_id == owner.shop_id))
    )
    later = {"from": str(today + timedelta(days=1))}
    assert asks.get("/api/inventory/movements", params=later).json()["total"] == 0
    backwards = {"from": str(today), "to": str(today - timedelta(days=1))}
    assert asks.get("/api/inventory/movements", params=backwards).status_code == 422


def test_a_movement_of_an_order_tells_its_number(client: Client, session: Session, owner: Actor, ids: Ids) -> None:
    session.add(Order(
        id="ord_x", shop_id=owner.shop_id, order_no="20261118-0000001", market="mall", buyer_name="x", ordered_at=clock.now(), total=1,
    ))  # fmt: skip
    session.flush()
    session.add(
        OrderLine(id="orl_x", shop_id=owner.shop_id, order_id="ord_x", item_id=ids["item"], quantity=1, amount=1)
    )
    session.flush()
    why = ledger.Why("ship", "shipment", "shp_x", line_id="orl_x")  # type: ignore[arg-type]
    ledger.post(session, owner, ids["item"], -1, why)
    session.commit()
    (row, *_) = client(owner).get(f"/api/inventory/items/{ids['item']}/movements").json()["movements"]
    assert (row["order_no"], row["reason"]) == ("20261118-0000001", "ship")


def test_a_late_arrival_counts_its_days_unless_the_shop_hides_them(
    client: Client, session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    today = {"quantity": 1, "due_on": clock.today(), "created_at": clock.now()}
    session.add(Inbound(id="inb_today", shop_id=owner.shop_id, item_id=ids["item"], **today))
    session.commit()
    asks = client(owner)
    page = asks.get("/api/inventory/inbounds", params={"which": "overdue"}).json()
    assert [(row["id"], row["overdue"], row["overdue_days"]) for row in page["inbounds"]] == [(ids["inbound"], True, 3)]
    setting("overdue_display", False)
    session.commit()
    hidden = asks.get("/api/inventory/inbounds").json()
    assert (hidden["inbounds"][0]["overdue_days"], hidden["overdue"]) == (None, 1)


def test_an_arrival_comes_in_parts_and_each_part_is_undone_by_itself(session: Session, owner: Actor, ids: Ids) -> None:
    first = carry_out(session, owner, "inbound.receive", inbound_id=ids["inbound"], quantity=5)
    row = session.get_one(Inbound, ids["inbound"])
    assert (row.received, row.state, session.get_one(StockItem, ids["item_3"]).stocked) == (5, "partly", 5)
    rest = carry_out(session, owner, "inbound.receive", inbound_id=ids["inbound"])
    assert (row.received, row.state, session.get_one(StockItem, ids["item_3"]).stocked) == (20, "received", 20)
    undo(session, owner, rest)
    undo(session, owner, first)
    assert (row.received, row.state, session.get_one(StockItem, ids["item_3"]).stocked) == (0, "expected", 0)

"""What happens to orders while a dialogue goes on, and what may be claimed of them; see `orders_shop.py` for who bought what."""

from datetime import date, timedelta
from typing import Any

import httpx
from sqlalchemy import select

from backend.access.actor import member_actor
from backend.claims.take_in import take_in_claims
from backend.conversations.models import Conversation
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.feed_models import Collection
from backend.orders.collected import CollectedClaim
from backend.orders.models import OrderLine
from backend.orders.states import ClaimKind, ClaimState
from backend.plans import service as plans
from backend.shops.models import Member
from tests.conversations import orders_shop as shop_of
from tests.conversations.person import Person
from tests.conversations.stage import Stage


def orders_come(
    stage: Stage | None, mall_id: str, person: Person | None, numbers: tuple[str, ...] = shop_of.EVERY
) -> None:
    """Stock stands in the shop, and these orders were collected."""
    with unit_of_work() as session:
        shop_of.stock_up(session, mall_id)
        shop_of.collect(session, mall_id, tuple(numbers))


def one_more_order(stage: Stage, mall_id: str, person: Person, number: str) -> None:
    with unit_of_work() as session:
        shop_of.collect(session, mall_id, (number,))


def buyer_claims(
    stage: Stage, mall_id: str, person: Person, number: str, kind: str, quantity: int = 1, reason: str | None = None
) -> None:
    """The buyer asks for it at the market, and the market tells us."""
    market = shop_of.ORDERS[number][0]
    with unit_of_work() as session:
        take_in_claims(session, f"shop_{mall_id}", [CollectedClaim(
            market=market, market_order_no=shop_of.order_no(number), market_line_no=f"{number}-1",
            claim_no=f"C{number}{kind}", kind=ClaimKind(kind), state=ClaimState.REQUESTED, raw_code="REQUEST",
            quantity=quantity, requested_at=clock.now() - timedelta(hours=1), reason=reason, changed_at=clock.now(),
        )])  # fmt: skip


def colleague_does(stage: Stage, mall_id: str, person: Person, kind: str, number: str, **params: Any) -> None:
    """The sub-operator carries out a plan on that order in another window."""
    with unit_of_work() as session:
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_sub"))
        order = shop_of.the_order(session, mall_id, number)
        whole: dict[str, Any] = {"order.allocate": {"order_ids": [order.id]}, "order.deallocate": {"order_ids": [order.id]},
                                 "shipment.ship": {"order_ids": [order.id]}}  # fmt: skip
        if kind == "invoice.register":
            given: dict[str, Any] = {"items": [{"order_id": order.id, **params}]}
        elif kind == "order.return":
            line = session.scalars(
                select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
            ).first()
            assert line is not None
            given = {"line_id": line.id, **params}
        else:
            given = {**whole.get(kind, {"order_id": order.id}), **params}
        plan = plans.preview(session, actor, kind, given)
        plans.confirm(session, actor, plan.id, new_id("key"))


def stock_comes(stage: Stage, mall_id: str, person: Person, item: str = "muffler", quantity: int = 5) -> None:
    """Goods arrive; nothing is promised of them yet."""
    with unit_of_work() as session:
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_sub"))
        lines = [{"item_id": f"itm_{mall_id}_{item}", "quantity": quantity}]
        plan = plans.preview(session, actor, "stock.adjust", {"way": "receive", "lines": lines})
        plans.confirm(session, actor, plan.id, new_id("key"))


HAPPENINGS = {
    "orders_come": orders_come, "one_more_order": one_more_order, "buyer_claims": buyer_claims,
    "colleague_does": colleague_does, "stock_comes": stock_comes,
}  # fmt: skip


def _short(order_no: str) -> str:
    return order_no[-4:]


def _handled(person: Person) -> list[dict[str, Any]]:
    return list(person.api("/api/orders", handled=True, limit=100)["items"])


def states_of(person: Person) -> dict[str, str]:
    """Fact: the state of each order by the end of its number."""
    return {_short(order["order_no"]): order["state"] for order in _handled(person)}


def held_of(person: Person) -> dict[str, str | None]:
    """Fact: what is held, and why."""
    return {
        _short(order["order_no"]): next(p["hold_reason"] for p in order["shipments"] if p["held"])
        for order in _handled(person) if order["held"]
    }  # fmt: skip


def invoices_of(person: Person) -> dict[str, str]:
    """Fact: courier and number of each parcel that has one, by its order."""
    return {
        _short(order["order_no"]): f"{parcel['courier']} {parcel['tracking_no']}"
        for order in _handled(person) for parcel in order["shipments"] if parcel["tracking_no"]
    }  # fmt: skip


def parcels_of(person: Person) -> dict[str, int]:
    """Fact: orders of more than one parcel, with how many."""
    found = {_short(order["order_no"]): len(order["shipments"]) for order in _handled(person)}
    return {number: n for number, n in found.items() if n > 1}


def together(person: Person) -> list[str]:
    """Fact: orders that leave in one parcel: "0012+0015"."""
    shared = {
        "+".join(sorted(_short(no) for no in parcel["orders"]))
        for order in _handled(person) for parcel in order["shipments"] if len(parcel["orders"]) > 1
    }  # fmt: skip
    return sorted(shared)


def claims_of(person: Person) -> list[str]:
    """Fact: every claim: "0066 return accepted 2"."""
    page = person.api("/api/claims", open=False, limit=100)
    return sorted(f"{_short(c['order_no'])} {c['kind']} {c['state']} {c['quantity']}" for c in page["items"])


def stock_of(person: Person) -> dict[str, str]:
    """Fact: stocked/available of each item, by code."""
    page = person.api("/api/inventory/items", limit=100)
    return {item["code"]: f"{item['stocked']}/{item['available']}" for item in page["items"]}


def unmatched_of(person: Person) -> int:
    """Fact: how many products of markets no stock item is known for."""
    return len(person.api("/api/orders/unmatched"))


def purchases_of(person: Person) -> list[str]:
    """Fact: purchase orders: "한결니트 draft"."""
    return sorted(f"{order['supplier']} {order['state']}" for order in person.api("/api/purchasing/orders"))


def collections_of(person: Person) -> list[str]:
    """Fact: the collections that were asked for, with their markets: "coupang,mall queued"."""
    with unit_of_work(write=False) as session:
        shop_id = session.get_one(Conversation, person.conversation_id).shop_id
        rows = session.scalars(select(Collection).where(Collection.shop_id == shop_id)).all()
        return sorted(f"{','.join(sorted(row.markets))} {row.state.value}" for row in rows)


def opened_file(person: Person) -> str:
    """Fact: what the first file of the last answer is, opened without any token."""
    link = next(b["href"] for b in person.buttons() if str(b.get("href", "")).startswith("/documents/"))
    answer = httpx.get(person.url + link, timeout=60)
    return f"{answer.status_code} {answer.headers['content-type']}"


def opened_files(person: Person) -> list[str]:
    """Fact: the same of all files of the last answer."""
    links = [b["href"] for b in person.buttons() if str(b.get("href", "")).startswith("/documents/")]
    return [httpx.get(person.url + link, timeout=60).headers["content-type"] for link in links]


def notes_of(person: Person) -> dict[str, list[str]]:
    """Fact: what stands on each order that has a note."""
    told = {_short(order["order_no"]): person.api(f"/api/orders/{order['id']}")["notes"] for order in _handled(person)}
    return {number: [note["text"] for note in notes] for number, notes in told.items() if notes}


def alone_of(person: Person) -> list[str]:
    """Fact: orders that must not be merged."""
    return sorted(
        _short(order["order_no"]) for order in _handled(person) if any(p["merge_forbidden"] for p in order["shipments"])
    )


def removed_of(person: Person) -> list[str]:
    """Fact: orders taken out of the list."""
    return sorted(_short(order["order_no"]) for order in person.api("/api/orders", state="removed", limit=100)["items"])


def expected_of(person: Person) -> list[str]:
    """Fact: arrivals that are still to come: "P00001-01 30 in 2 days"."""
    due = person.api("/api/inventory/inbounds", which="open", limit=100)["inbounds"]
    codes = {item["id"]: item["code"] for item in person.api("/api/inventory/items", limit=100)["items"]}
    return sorted(
        f"{codes[one['item_id']]} {one['quantity']} in {(date.fromisoformat(one['due_on']) - clock.today()).days} days"
        for one in due
    )


FACTS = {
    "notes": notes_of, "alone": alone_of, "removed": removed_of, "expected": expected_of,
    "orders": states_of, "held": held_of, "invoices": invoices_of, "parcels": parcels_of, "together": together,
    "claims": claims_of, "pieces": stock_of, "unmatched": unmatched_of, "purchases": purchases_of,
    "collections": collections_of, "file": opened_file, "files": opened_files,
}  # fmt: skip

"""How an order of the sandbox comes into being: from what a test asks for, and by dice for the rest."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from backend.kit import clock
from backend.markets.sandbox.store import Doc, Store, stamp

HERE = Path(__file__).parent
MARKETS = ("cafe24", "naver", "coupang")


@lru_cache
def codes() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / "codes.yml").read_text(encoding="utf-8"))
    return read


@lru_cache
def people() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / "people.yml").read_text(encoding="utf-8"))
    return read


def make(store: Store, market: str, seller: str, dice: Random, given: Doc) -> Doc:
    """`given` may hold lines, receiver, buyer, ordered_at, paid, message, status; what it lacks is invented."""
    at = datetime.fromisoformat(given["ordered_at"]) if given.get("ordered_at") else clock.now()
    order_no, box = _order_number(store, market, at)
    receiver = given.get("receiver") or invent_receiver(dice)
    paid = given.get("paid", True)
    lines = given.get("lines") or invent_lines(store, market, seller, dice)
    doc = {
        "market": market, "seller": seller, "order_no": order_no, "box": box, "ordered_at": stamp(at),
        "paid_at": stamp(at + timedelta(seconds=20)) if paid else None,
        "buyer": given.get("buyer") or {"name": receiver["name"], "phone": receiver["phone"]}, "receiver": receiver,
        "message": given.get("message", dice.choice([None, None, *people()["messages"]])),
        "ship_by": (clock.seoul(at).date() + timedelta(days=3)).isoformat(), "shipping_fee": given.get("shipping_fee", 3000),
        "lines": [],
    }  # fmt: skip
    for number, asked in enumerate(lines, 1):
        doc["lines"].append(_line(store, doc, number, asked, given.get("status", "paid" if paid else "awaiting")))
    store.put(doc, "new", at=at if given.get("ordered_at") else None)
    return doc


def invent_receiver(dice: Random, *, remote: bool = False, overseas: bool = False) -> Doc:
    said = people()
    place = dice.choice(said["overseas" if overseas else "remote" if remote else "streets"])
    phone = f"0503-{dice.randrange(1000, 9999)}-{dice.randrange(1000, 9999)}"  # a safe number, as markets give
    return {
        "name": f"{dice.choice(said['surnames'])}*{dice.choice(said['endings'])}", "phone": phone,
        "postcode": place["postcode"], "address1": f"{place['address']} {dice.randrange(1, 200)}".replace("  ", " "),
        "address2": f"{dice.randrange(101, 130)}-{dice.randrange(101, 2000)}", "country": place.get("country", "KR"),
    }  # fmt: skip


def invent_lines(store: Store, market: str, seller: str, dice: Random, *, unmatched: bool = False) -> list[Doc]:
    """One to three things of the seller's goods; `unmatched` gives one a name and a code that the shop does not know."""
    goods = on_sale(store, market, seller)
    if not goods:
        number = dice.randrange(1, 40)
        goods = [
            {
                "product_no": str(10_000 + number),
                "code": f"P{number:05}-01",
                "name": f"Sample {number}",
                "price": 19_900,
            }
        ]
    chosen = dice.sample(goods, min(len(goods), dice.choice((1, 1, 1, 2, 3))))
    lines = [{**good, "quantity": dice.choice((1, 1, 1, 1, 2, 3))} for good in chosen]
    if unmatched:
        word = dice.choice(people()["extra_words"])
        lines[0] |= {"code": None, "name": f"[{word}] {' '.join(reversed(str(lines[0]['name']).split()))}"}
    return lines


def on_sale(store: Store, market: str, seller: str) -> list[Doc]:
    """The goods that may be ordered, each with the quantity that the market believes there is."""
    goods = [_good(row) for row in store.rows("select * from goods where market = ? and seller = ?", market, seller)]
    return [good for good in goods if not good.pop("off", None)]


def _good(row: Any) -> Doc:
    return {**json.loads(row["doc"]), "product_no": row["product_no"], "code": row["code"], "quantity": row["quantity"]}


def _line(store: Store, doc: Doc, number: int, asked: Doc, status: str) -> Doc:
    market = doc["market"]
    product_no = str(asked.get("product_no") or 10_000 + number)
    return {
        "line_no": _line_number(store, doc, number), "product_no": product_no,
        "variant": asked.get("variant") or f"{product_no}{number:02}", "code": asked.get("code"),
        "name": asked["name"], "option": asked.get("option"), "quantity": asked.get("quantity", 1),
        "price": asked.get("price", 10_000), "discount": asked.get("discount", 0), "cancelled": 0,
        "raw": asked.get("raw") or codes()[market][asked.get("status", status)], "confirmed": status not in ("paid", "awaiting"),
        "claim": asked.get("claim"), "invoice": None, "shipped_at": None, "delivered_at": None,
    }  # fmt: skip


def _order_number(store: Store, market: str, at: datetime) -> tuple[str, int | None]:
    day = clock.seoul(at).strftime("%Y%m%d")
    if market == "cafe24":  # 20261118-0000112; the first hundred of a day are of before
        return f"{day}-{store.number(f'cafe24 {day}', 101):07}", None
    if market == "naver":  # 2026111800000012
        return f"{day}{store.number('naver', 10_000_001)}", None
    return str(store.number("coupang", 30_000_000_001)), store.number("box", 640_000_000_001)


def _line_number(store: Store, doc: Doc, number: int) -> str:
    if doc["market"] == "cafe24":  # order_item_code
        return f"{doc['order_no']}-{number:02}"
    if doc["market"] == "naver":  # productOrderId
        return f"{doc['order_no'][:8]}{store.number('naver line', 50_000_001)}"
    return f"{doc['box']}-{store.number('vendor item', 70_000_000_001)}"

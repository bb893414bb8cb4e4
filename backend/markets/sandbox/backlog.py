"""The trade that a demo shop finds in the morning: a few days of orders, of every kind that somebody has to look after."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from backend.kit import clock
from backend.markets.sandbox import flow
from backend.markets.sandbox.making import invent_lines, invent_receiver, make, on_sale, people
from backend.markets.sandbox.store import Doc, Store, stamp

Place = tuple[Store, str, str, Random]
#: hours ago, what there is about the order; the same word twice on one market is one receiver
KINDS: dict[str, list[tuple[float, str]]] = {
    "cafe24": [
        (118, "returned"), (93, "late"), (27, "together"), (26, "together"), (21, "overseas"), (9, "unpaid"), (6, "remote"),
        (5, "unmatched"), (3, "cancelled"), (2, "scarce"), (1, "plain"),
    ],
    "naver": [(31, "plain"), (23, "unmatched"), (8, "together"), (7.5, "together"), (4, "cancelled"), (1.5, "plain")],
    "coupang": [(19, "plain"), (7, "remote"), (2.5, "scarce")],
}  # fmt: skip
BEYOND = 2  # pieces more than the shop has


def lay_backlog(store: Store, sellers: list[tuple[str, str]], seed: int) -> int:
    """For a market that has no order yet; how many orders there are now."""
    if store.rows("select 1 from orders limit 1"):
        return 0
    dice = Random(f"backlog {seed}")
    for market, seller in sellers:
        together: Doc | None = None
        for hours, kind in KINDS[market]:
            doc = _place((store, market, seller, dice), hours, kind, together)
            together = doc["receiver"] if kind == "together" else together
            after = AFTER.get(kind)
            if after:
                after(store, doc)
    return len(store.rows("select 1 from orders"))


def _place(place: Place, hours: float, kind: str, together: Doc | None) -> Doc:
    store, market, seller, dice = place
    receiver = invent_receiver(dice, remote=kind == "remote", overseas=kind == "overseas")
    lines = invent_lines(store, market, seller, dice, unmatched=kind == "unmatched")
    if kind == "scarce":
        lines = [_scarce(store, market, seller) or lines[0]]
    if kind == "together" and together:
        receiver = together
    at = clock.now() - timedelta(hours=hours, minutes=dice.randrange(0, 50))
    given: dict[str, Any] = {
        "ordered_at": stamp(at),
        "receiver": receiver,
        "lines": [{**line, "quantity": line.get("quantity") or 1} for line in lines],
        "paid": kind != "unpaid",
    }
    with store.together():
        return make(store, market, seller, dice, given)


def _scarce(store: Store, market: str, seller: str) -> Doc | None:
    """More of one thing than there is: what was sold elsewhere meanwhile."""
    goods = [good for good in on_sale(store, market, seller) if (good.get("quantity") or 0) > 0]
    if not goods:
        return None
    least = min(goods, key=lambda good: (good["quantity"], good["product_no"]))
    return {**least, "quantity": least["quantity"] + BEYOND}


def _returned(store: Store, doc: Doc) -> None:
    first = [doc["lines"][0]["line_no"]]
    with store.together():
        flow.ship(store, doc, [line["line_no"] for line in doc["lines"]], "CJGLS", "688900001234")
        flow.deliver(store, doc)
        flow.claim(store, doc, first[0], "return", None, people()["reasons"]["return"])


def _cancelled(store: Store, doc: Doc) -> None:
    with store.together():
        flow.claim(store, doc, doc["lines"][0]["line_no"], "cancel", None, people()["reasons"]["cancel"])


AFTER: dict[str, Callable[[Store, Doc], None]] = {"returned": _returned, "cancelled": _cancelled}

"""The demo's trade: new orders now and then, parcels that arrive, a claim here and there. The same seed, the same trade."""

import json
import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from backend.kit import clock
from backend.markets.sandbox import flow, goods
from backend.markets.sandbox.making import invent_lines, invent_receiver, make, people
from backend.markets.sandbox.store import Doc, Store, stamp

log = logging.getLogger(__name__)
EVERY = (60, 180)  # seconds between two orders
ON_THE_WAY, ARRIVES = timedelta(minutes=4), timedelta(minutes=12)  # after the invoice; a demo's day is short
LIMITS = {"cafe24": (40, 2.0), "naver": (20, 5.0), "coupang": (50, 10.0)}


@dataclass(frozen=True)
class Seller:
    market: str
    seller: str
    weight: int
    refused: bool = False


def learn(store: Store, path: Path) -> list[Seller]:
    """Sellers and their goods from a file: [{"market", "seller", "weight", "refused", "goods": [...]}]."""
    sellers = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        goods.put(store, row["market"], row["seller"], row["goods"])
        if row.get("refused"):
            store.run("insert or ignore into refused values (?, ?)", row["market"], row["seller"])
        sellers.append(Seller(row["market"], row["seller"], row["weight"], bool(row.get("refused"))))
    return sellers


class Life:
    """Moves the demo on, one beat after another."""

    def __init__(self, store: Store, sellers: list[Seller], seed: int) -> None:
        self._store, self._sellers = store, [seller for seller in sellers if seller.weight and not seller.refused]
        self._dice = Random(f"life {seed}")
        self._last: dict[tuple[str, str], Doc] = {}
        self.turn = 0

    @property
    def places(self) -> list[tuple[str, str]]:
        """Market and seller of each that is bought from."""
        return [(seller.market, seller.seller) for seller in self._sellers]

    def order(self) -> Doc | None:
        """The next order. Every fifth goes where the last one of that shop went (to be sent together), every seventh to
        a remote area, every ninth holds a thing the shop cannot match, every eleventh of the own mall goes abroad."""
        if not self._sellers:
            return None
        self.turn += 1
        who = self._dice.choices(self._sellers, [seller.weight for seller in self._sellers])[0]
        place, last = (who.market, who.seller), self._last.get((who.market, who.seller))
        abroad = who.market == "cafe24" and self.turn % 11 == 0
        receiver = invent_receiver(self._dice, remote=self.turn % 7 == 0, overseas=abroad)
        if last is not None and self.turn % 5 == 0:
            receiver = last["receiver"]
        lines = invent_lines(self._store, who.market, who.seller, self._dice, unmatched=self.turn % 9 == 0)
        with self._store.together():
            doc = make(self._store, who.market, who.seller, self._dice, {"receiver": receiver, "lines": lines})
        self._last[place] = doc
        return doc

    def parcels(self) -> int:
        """Parcels that were scanned or arrived by now; how many moved."""
        now, moved = clock.now(), 0
        for row in self._store.rows(
            "select distinct market, seller, order_no from effects where what = 'invoice' and at > ?",
            stamp(now - timedelta(days=3)),
        ):
            with self._store.together():
                doc = self._store.order(row["market"], row["seller"], row["order_no"])
                if doc is None or all(line["delivered_at"] or not line["shipped_at"] for line in doc["lines"]):
                    continue
                since = min(
                    datetime.fromisoformat(line["shipped_at"])
                    for line in doc["lines"]
                    if line["shipped_at"] and not line["delivered_at"]
                )
                if now - since >= ARRIVES:
                    flow.deliver(self._store, doc)
                    moved += 1
                elif now - since >= ON_THE_WAY:
                    flow.on_the_way(self._store, doc)
        return moved

    def claim(self) -> None:
        """A buyer of an order that waits changes their mind, in one of twelve beats."""
        if self._dice.random() > 1 / 12 or not self._last:
            return
        doc = self._dice.choice(list(self._last.values()))
        fresh = self._store.order(doc["market"], doc["seller"], doc["order_no"])
        if fresh is None or fresh["lines"][0]["claim"] or fresh["lines"][0]["shipped_at"]:
            return
        with self._store.together():
            flow.claim(self._store, fresh, fresh["lines"][0]["line_no"], "cancel", None, people()["reasons"]["cancel"])

    def wait(self) -> float:
        return self._dice.uniform(*EVERY)


def live(life: Life, stop: threading.Event, beat: float = 20.0) -> None:
    """Until `stop`: looks at the parcels every beat, places an order every one to three minutes."""
    due = clock.now()
    while not stop.wait(beat if life.turn else 0.5):
        try:
            life.parcels()
            if clock.now() >= due:
                life.order()
                life.claim()
                due = clock.now() + timedelta(seconds=life.wait())
        except Exception:
            log.exception("the demo's trade stumbled")


def in_background(life: Life) -> Any:
    stop = threading.Event()
    threading.Thread(target=live, args=(life, stop), daemon=True, name="life").start()
    return stop

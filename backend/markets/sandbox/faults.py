"""What goes wrong at a market, on request or by dice: throttling, silence, errors, doubled and disordered pages.

429 bodies and the call-limit header follow the markets' own notes: Cafe24 a leaky bucket of 40 emptied twice a second
(X-Api-Call-Limit), Naver a token bucket and `GW.RATE_LIMIT`, Coupang calls a second by vendor.
"""

import threading
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.kit import clock

FaultKind = Literal[
    "throttle", "error", "timeout", "timeout_after", "expired", "garbage", "duplicate", "shuffle", "broken"
]
ON_CALLS = ("throttle", "error", "timeout", "timeout_after", "expired", "garbage")

NUMBERS = ("order_id", "orderId", "shipmentBoxId", "receiptId", "order")


class Fault(BaseModel):
    """`times` of the next fitting calls, or with `chance` any of them; `path` is a part of the address.

    `timeout` does not even begin the work; `timeout_after` does it and then never answers.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    market: str | None = None
    seller: str | None = None
    path: str = ""
    times: int | None = 1
    chance: float = Field(default=1.0, ge=0, le=1)
    retry_after: int = 1  # seconds
    seconds: float = 30.0  # of silence


@dataclass
class Bucket:
    """`size` calls at once, refilled by `rate` a second."""

    size: int
    rate: float
    left: float = 0.0
    at: float = field(default=0.0)

    def take(self) -> bool:
        now = clock.now().timestamp()
        if not self.at:
            self.left, self.at = float(self.size), now
        self.left = min(self.size, self.left + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Faults:
    def __init__(self, seed: int = 1) -> None:
        self._lock = threading.Lock()
        self._standing: list[Fault] = []
        self._dice = Random(seed)
        self._limits: dict[str, tuple[int, float]] = {}
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self.calls: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._standing.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._standing, self._limits, self._buckets, self.calls = [], {}, {}, {}

    def limit(self, market: str, size: int, rate: float) -> None:
        """From now on this market takes so many calls."""
        with self._lock:
            self._limits[market] = (size, rate)
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if key[0] != market}

    def on_call(self, market: str, seller: str, path: str) -> Fault | None:
        """What befalls this call; a throttled one also comes of the market's own limit."""
        with self._lock:
            self.calls[market] = self.calls.get(market, 0) + 1
            found = self._take(ON_CALLS, market, seller, path)
            if found is None and market in self._limits:
                size, rate = self._limits[market]
                bucket = self._buckets.setdefault((market, seller), Bucket(size, rate))
                if not bucket.take():
                    return Fault(kind="throttle", market=market, retry_after=max(1, round(1 / rate)))
            return found

    def page(self, market: str, seller: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The page as it leaves: some of it twice, out of order, or an order of which only the number is left."""
        with self._lock:
            mangled = list(rows)
            if rows and self._take(("duplicate",), market, seller, ""):
                mangled += self._dice.sample(rows, min(len(rows), 1 + len(rows) // 3))
            if self._take(("shuffle",), market, seller, ""):
                self._dice.shuffle(mangled)
            if "lastChangedType" not in (rows or [{}])[0] and rows and self._take(("broken",), market, seller, ""):
                mangled[0] = {key: value for key, value in mangled[0].items() if key in NUMBERS}
            return mangled

    def _take(self, kinds: tuple[str, ...], market: str, seller: str, path: str) -> Fault | None:
        for fault in self._standing:
            fits = fault.kind in kinds and fault.market in (None, market) and fault.seller in (None, seller)
            if not fits or fault.path not in path or (fault.chance < 1 and self._dice.random() >= fault.chance):
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._standing.remove(fault)
            return fault
        return None

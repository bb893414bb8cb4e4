"""How often a password may be tried: a token bucket a key, in this process."""

import threading
import time
from collections import OrderedDict

from backend.errors import TooMany

KEYS_KEPT = 10_000


class Attempts:
    """`burst` tries at once, one more every `refill_seconds`."""

    def __init__(self, burst: int, refill_seconds: float) -> None:
        self._burst, self._refill = burst, refill_seconds
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key: tries left, as of

    def spend(self, key: str) -> None:
        """Raises TooMany (`too_many_attempts`) with `retry_after` seconds."""
        with self._lock:
            now = time.monotonic()
            left, since = self._left.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - since) / self._refill)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            if len(self._left) > KEYS_KEPT:
                self._left.popitem(last=False)
        if not allowed:
            raise TooMany(
                "wait before trying again", code="too_many_attempts", retry_after=round((1 - left) * self._refill) + 1
            )

    def forgive(self, key: str) -> None:
        with self._lock:
            self._left.pop(key, None)

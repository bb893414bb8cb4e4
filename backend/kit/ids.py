"""Ids that sort by the time they were made: prefix, underscore, 26 Crockford base-32 characters (ULID layout)."""

from __future__ import annotations

import functools
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]
_TAIL_BITS = 50  # 10 of the 26 characters; the others are the same for all ids of one millisecond, but for a carry
_TAIL = (1 << _TAIL_BITS) - 1
_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}\Z")
_RANDOM_BITS = 80
_BLOCK = 1024  # ids that share all characters but the last two


class _Sequence:
    """Hands out strictly growing 128-bit values: 48 bits of milliseconds, then 80 random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def take(self, count: int) -> int:
        """The last of so many; the others come right before it."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._last >> _RANDOM_BITS:
                self._last = now << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
                self._last += count - 1
            else:  # within one millisecond, or when the machine's clock steps back, count on from the last id
                self._last += count
            return self._last


_sequence = _Sequence()


def _restart_in_child() -> None:
    global _sequence
    _sequence = _Sequence()


if hasattr(os, "register_at_fork"):
    # A forked worker would otherwise count on from its parent's last id and repeat it.
    os.register_at_fork(after_in_child=_restart_in_child)


@functools.lru_cache(maxsize=64)
def _beginning(prefix: str, head: int) -> str:
    if not _PREFIX.match(prefix):
        raise ValueError(f"an id prefix is 1-16 lower-case letters or digits: {prefix!r}")
    return f"{prefix}_" + "".join([_PAIRS[head >> shift & 1023] for shift in range(70, -1, -10)])


def new_id(prefix: str) -> str:
    """A new id such as run_01J9Z…, greater than every id this process made before.

    Real time is used, not the settable clock: ids must stay unique while a test or demo clock stands still.
    Raises ValueError for a prefix that is not 1–16 lower-case letters and digits starting with a letter.
    """
    return _text(prefix, _sequence.take(1))


def new_ids(prefix: str) -> Iterator[str]:
    """Ids for many rows of one transaction, each greater than the one before, for a fraction of the time.

    They are set aside in blocks, so an id that `new_id` makes meanwhile may be greater than one that is handed out later.
    """
    while True:
        after = _sequence.take(2 * _BLOCK - 1) + 1  # holds a whole block that begins at a multiple
        stem = _text(prefix, after - after % _BLOCK - _BLOCK)[:-2]
        for pair in _PAIRS:
            yield stem + pair


def _text(prefix: str, value: int) -> str:
    tail, p = value & _TAIL, _PAIRS
    head = _beginning(prefix, value >> _TAIL_BITS)
    return f"{head}{p[tail >> 40]}{p[tail >> 30 & 1023]}{p[tail >> 20 & 1023]}{p[tail >> 10 & 1023]}{p[tail & 1023]}"

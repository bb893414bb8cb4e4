"""Ids that sort by the time they were made: prefix, underscore, 26 Crockford base-32 characters (ULID layout)."""

from __future__ import annotations

import os
import re
import secrets
import threading
import time

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}\Z")
_RANDOM_BITS = 80


class _Sequence:
    """Hands out strictly growing 128-bit values: 48 bits of milliseconds, then 80 random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        with self._lock:
            fresh = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
            # Within one millisecond, or when the machine's clock steps back, count on from the last id.
            self._last = fresh if fresh >> _RANDOM_BITS > self._last >> _RANDOM_BITS else self._last + 1
            return self._last


_sequence = _Sequence()


def _restart_in_child() -> None:
    global _sequence
    _sequence = _Sequence()


if hasattr(os, "register_at_fork"):
    # A forked worker would otherwise count on from its parent's last id and repeat it.
    os.register_at_fork(after_in_child=_restart_in_child)


def new_id(prefix: str) -> str:
    """A new id such as run_01J9Z…, greater than every id this process made before.

    Real time is used, not the settable clock: ids must stay unique while a test or demo clock stands still.
    Raises ValueError for a prefix that is not 1–16 lower-case letters and digits starting with a letter.
    """
    if not _PREFIX.match(prefix):
        raise ValueError(f"an id prefix is 1-16 lower-case letters or digits: {prefix!r}")
    value = _sequence.next()
    return f"{prefix}_" + "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))

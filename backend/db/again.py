"""What the database gave up so that somebody else could go on: nothing of it was written, and it may be done again."""

import sqlite3
import time
from collections.abc import Callable
from functools import wraps
from random import uniform

from sqlalchemy.exc import OperationalError, TimeoutError

TRIES = 3
APART = 0.05  # seconds at most between the first two tries, so that the same two do not meet again
# PostgreSQL: serialization failure, deadlock, lock not available within `lock_timeout`
_LOST = frozenset({"40001", "40P01", "55P03"})
_BUSY = 0xFF  # the lower byte of SQLite's extended codes


def lost_the_race(error: BaseException) -> bool:
    """Whether somebody else was in the way, and nothing is wrong with the work itself."""
    if isinstance(error, TimeoutError):  # no connection became free
        return True
    if not isinstance(error, OperationalError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        code = getattr(error.orig, "sqlite_errorcode", 0)
        return code & _BUSY in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in _LOST


def again_if_lost[**P, R](job: Callable[P, R]) -> Callable[P, R]:
    """For a function that is one unit of work and nothing else: carried out again, a moment later, at most
    three times in all."""

    @wraps(job)
    def persistent(*args: P.args, **kwargs: P.kwargs) -> R:
        for tried in range(1, TRIES):
            try:
                return job(*args, **kwargs)
            except (OperationalError, TimeoutError) as error:
                if not lost_the_race(error):
                    raise
            time.sleep(uniform(APART / 5, APART) * tried)
        return job(*args, **kwargs)

    return persistent

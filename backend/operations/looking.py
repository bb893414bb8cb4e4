"""What an operation reads in one look at a shop, kept for the length of that look: diagnose and plan see the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy.orm import Session

_SEEN = "opstalk_seen_in_this_look"


@contextmanager
def looking(session: Session) -> Iterator[None]:
    """Nothing is written in between, so what was seen stays true; a new look sees anew."""
    session.info[_SEEN] = {}
    try:
        yield
    finally:
        del session.info[_SEEN]


def seen_once[T](session: Session, what: tuple[Any, ...], see: Callable[[], T]) -> T:
    """`see()` once in a look under the name `what`; outside of one, every time."""
    seen = session.info.get(_SEEN)
    if seen is None:
        return see()
    if what not in seen:
        seen[what] = see()
    return cast(T, seen[what])

"""Reading a market's answer: texts into moments and won, cursors to and fro."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from backend.kit import clock
from backend.markets.gateway.contract import NotUnderstood

Row = dict[str, Any]


def moment(text: Any) -> datetime | None:
    """ISO text; without an offset it is Seoul's, as all three markets write it."""
    if not text:
        return None
    at = datetime.fromisoformat(str(text))
    return (at if at.tzinfo else at.replace(tzinfo=clock.SEOUL)).astimezone(clock.UTC)


def moment_of(text: Any) -> datetime:
    """Raises ValueError where there must be one."""
    at = moment(text)
    if at is None:
        raise ValueError("a time is missing")
    return at


def day(text: Any) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None


def won(amount: Any) -> int:
    """ "19900.00", 19900 or nothing."""
    return round(float(amount or 0))


def text(value: Any) -> str | None:
    said = str(value).strip() if value is not None else ""
    return said or None


def address(*parts: Any) -> str | None:
    return text(" ".join(str(part) for part in parts if part))


def rows_of(body: Row, key: str) -> list[Row]:
    """Raises NotUnderstood where the list is not there."""
    found = body.get(key)
    if not isinstance(found, list):
        raise NotUnderstood(f"no {key} in the answer")
    return found


def opened(cursor: str | None) -> Row:
    """Raises NotUnderstood for a cursor that is none of ours."""
    if not cursor:
        return {}
    try:
        read: Row = json.loads(cursor)
    except ValueError as error:
        raise NotUnderstood("a cursor of another kind") from error
    return read


def closed(state: Row) -> str:
    return json.dumps(state, separators=(",", ":"), sort_keys=True)


def each[T](rows: list[Row], number: Callable[[Row], str], read: Callable[[Row], T]) -> tuple[list[T], list[str]]:
    """What could be read, and the numbers of what could not: one bad order holds up no other."""
    good: list[T] = []
    bad: list[str] = []
    for row in rows:
        try:
            good.append(read(row))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            bad.append(_number(row, number))
    return good, bad


def _number(row: Row, number: Callable[[Row], str]) -> str:
    try:
        return number(row)
    except (KeyError, TypeError, IndexError, AttributeError):
        return "?"

"""One page of a longer list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Other = TypeVar("Other")

MIN_LIMIT, MAX_LIMIT = 1, 100


@dataclass(frozen=True)
class Page(Generic[Item]):  # noqa: UP046 - the new syntax is missing on Python 3.10, where Rasa runs
    """`items` from `offset` on, at most `limit` (1..100) of `total`; ValueError when these disagree."""

    items: list[Item]
    total: int
    limit: int
    offset: int

    def __post_init__(self) -> None:
        if not MIN_LIMIT <= self.limit <= MAX_LIMIT:
            raise ValueError(f"a page holds {MIN_LIMIT} to {MAX_LIMIT} items, not {self.limit}")
        if self.offset < 0 or self.total < 0:
            raise ValueError("offset and total count from zero")
        if len(self.items) > self.limit:
            raise ValueError(f"{len(self.items)} items do not fit a page of {self.limit}")

    @property
    def next_offset(self) -> int | None:
        """Where the next page starts, or None on the last one."""
        end = self.offset + len(self.items)
        return end if self.items and end < self.total else None

    @property
    def has_more(self) -> bool:
        return self.next_offset is not None

    def map(self, change: Callable[[Item], Other]) -> Page[Other]:
        """The same page with every item changed, e.g. from a row to its schema."""
        return Page([change(item) for item in self.items], self.total, self.limit, self.offset)


def clamp_limit(limit: int) -> int:
    """The nearest allowed page size to the one asked for."""
    return max(MIN_LIMIT, min(MAX_LIMIT, limit))

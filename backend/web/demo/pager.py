"""Which part of a long list a page shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paged:
    """`total` of all pages; `page` counts from 1."""

    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

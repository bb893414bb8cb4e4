"""What a page of a market's feed does to the shop: orders, claims, stock promised; one transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.claims.take_in import take_in_claims
from backend.orders.allocate import allocate_waiting
from backend.orders.collected import CollectedFeed
from backend.orders.take_in import take_in

COUNTS = ("new", "changed", "unchanged", "excluded", "duplicate", "unmatched")
NAMED = 20  # order numbers and codes that a result names


@dataclass(frozen=True)
class PageTaken:
    counts: dict[str, int]
    unreadable: list[str]
    unknown_codes: list[str]


def take(session: Session, shop_id: str, feed: CollectedFeed) -> PageTaken:
    """In the caller's transaction; the same page again changes nothing."""
    taken = take_in(session, shop_id, feed.orders)
    claims = take_in_claims(session, shop_id, feed.claims)
    if taken.item_ids:
        allocate_waiting(session, shop_id, taken.item_ids)
    counts = {name: int(getattr(taken, name)) for name in COUNTS} | {"claims": int(claims)}
    return PageTaken(counts, list(feed.unreadable[:NAMED]), list(feed.unknown_codes[:NAMED]))


def added(result: dict[str, Any], page: PageTaken) -> dict[str, Any]:
    """The market's result with this page in it; a new dictionary, since the column keeps the old one."""
    total = {name: result.get(name, 0) + count for name, count in page.counts.items()}
    named = {
        key: list(dict.fromkeys([*result.get(key, []), *more]))[:NAMED]
        for key, more in (("unreadable", page.unreadable), ("unknown_codes", page.unknown_codes))
    }
    return {**result, **total, **named, "pages": result.get("pages", 0) + 1}

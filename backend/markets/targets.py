"""Which fields of market accounts and listings a change may write."""

from backend.changes.registry import Target, register
from backend.markets.models import Listing, MarketAccount

register(
    "listing",
    Target(
        Listing,
        frozenset({"title", "category_code", "filters", "page_title", "page_description", "tags"}),
        "lst",
    ),
)
register(
    "market_account",
    Target(
        MarketAccount,
        frozenset({"state", "seller_id", "credentials_until", "checked_at", "failing_since"}),
        "mka",
        undo_create=lambda row: {"state": "disconnected"},
    ),
)

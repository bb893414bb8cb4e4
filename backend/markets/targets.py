"""Which fields of market accounts and listings a change may write."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.changes.registry import Target, register
from backend.markets import listed
from backend.markets.feed_models import Collection, CommandState, MarketCommand
from backend.markets.models import Listing, ListingState, MarketAccount


def _place_taken(session: Session, listing: Listing) -> bool:
    """A listing that lost its product does not get it back once another listing of that market has it."""
    if listing.product_id is not None:
        return False
    lost = session.scalars(
        select(AuditEvent.before)
        .where(AuditEvent.shop_id == listing.shop_id, AuditEvent.target_type == "listing")
        .where(AuditEvent.target_id == listing.id, AuditEvent.field == "product_id")
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    if lost is None:
        return False
    query = select(Listing.id).where(Listing.product_id == lost, Listing.market == listing.market)
    return session.scalar(query) is not None


register(
    "listing",
    Target(
        Listing,
        frozenset(
            {
                "title",
                "category_code",
                "filters",
                "page_title",
                "page_description",
                "tags",
                "keywords",
                "image",
                "detail",
                "product_id",
                "state",
                "market_product_no",
            }
        ),
        "lst",
        {
            "state": {
                ListingState.EXPORTING: frozenset({ListingState.ON_MARKET, ListingState.WITHDRAWN}),
                ListingState.ON_MARKET: frozenset({ListingState.WITHDRAWN}),
                # only by undoing the undo
                ListingState.WITHDRAWN: frozenset({ListingState.EXPORTING, ListingState.ON_MARKET}),
            }
        },
        # withdrawn from the market; without its product no operation touches it and another listing may take the place
        undo_create=lambda row: {"state": ListingState.WITHDRAWN.value, "product_id": None},
        undo_effect=listed.undo_effect,
        past_undoing=_place_taken,
        written=listed.follow,
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
register("collection", Target(Collection, frozenset({"state"}), "col"))
register(
    "market_command",
    Target(
        MarketCommand,
        frozenset({"state", "not_before"}),
        "mcd",
        {
            "state": {
                CommandState.FAILED: frozenset({CommandState.QUEUED}),
                CommandState.QUEUED: frozenset({CommandState.FAILED}),  # only by undoing, and not once it was told
            }
        },
    ),
)

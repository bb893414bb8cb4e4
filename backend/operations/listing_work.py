"""What operations that improve listings field by field share: whose turn it is, the findings, and the exact changes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.markets.better import Better
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.markets.put_back import is_restored, restored_values
from backend.operations.contract import Diagnose, Finding, OperationConfig
from backend.operations.looking import seen_once
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop

Improve = Callable[[Listing, Product], list[Better]]


@dataclass(frozen=True)
class Improvable:
    listing: Listing
    product: Product
    betters: list[Better]

    @property
    def changes(self) -> list[Change]:
        """One for each field, in the order of the findings."""
        by_field = {better.field: better for better in self.betters if better.writes}
        return [
            Change("listing", self.listing.id, better.field, better.before, better.after, self.product.name)
            for better in by_field.values()
        ]


Look = Callable[[Session, Shop, OperationConfig], list[Improvable]]


@dataclass(frozen=True)
class Chosen:
    """`products` listings are changed in this run, `left` wait for the next one."""

    changes: list[Change]
    products: int
    left: int

    @property
    def counts(self) -> dict[str, int]:
        return {"products": self.products, "left": self.left}


def improvable(session: Session, shop_id: str, market: Market, improve: Improve) -> list[Improvable]:
    """Listings of products that buyers can see, by product code; a field the merchant put back is left as it is."""
    return seen_once(
        session, ("listings", shop_id, market), lambda: list(_improvable(session, shop_id, market, improve))
    )


def _improvable(session: Session, shop_id: str, market: Market, improve: Improve) -> Iterator[Improvable]:
    restored = restored_values(session, shop_id, "listing")
    query = (
        select(Listing, Product)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.shop_id == shop_id, Product.shop_id == shop_id, Listing.market == market)
        .where(Product.status != SaleStatus.HIDDEN)
        .order_by(Product.code)
    )
    for listing, product in session.execute(query).tuples():
        betters = [
            better
            for better in improve(listing, product)
            if not is_restored(restored, listing.id, better.field, better.before)
        ]
        if betters:
            yield Improvable(listing, product, betters)


def findings_of(found: Iterable[Improvable], *, values: bool = True) -> list[Finding]:
    """One for each improvement; with `values` the evidence holds the field's value before and after."""
    return [
        Finding(
            better.code, "listing", one.listing.id, one.product.name,
            {"field": better.field}
            | ({"before": better.before, "after": better.after} if values else {})
            | better.evidence,
        )
        for one in found
        for better in one.betters
    ]  # fmt: skip


def diagnosing(look: Look, *, values: bool = True) -> Diagnose:
    """The `diagnose` of an operation whose `look` finds what it would improve: one finding a field."""

    def diagnose(
        session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
    ) -> list[Finding]:
        return findings_of(look(session, shop, config), values=values)

    return diagnose


def choose(found: Iterable[Improvable], findings: Sequence[Finding], limit: int) -> Chosen:
    """All fields of a listing together, in the findings' order, at most `limit` listings (0: all)."""
    current = {one.listing.id: one.changes for one in found}
    wanted = dict.fromkeys(finding.target_id for finding in findings)
    ready = [changes for target_id in wanted if (changes := current.get(target_id))]
    taken = ready[: limit or None]
    return Chosen([change for changes in taken for change in changes], len(taken), len(ready) - len(taken))

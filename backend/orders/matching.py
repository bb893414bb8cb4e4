"""Which stock item a market's line means: as a person matched it before, by its code, by its name; never a guess.

Two items that fit alike are no match: a person decides (source: 002, 주문매칭).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.inventory_settings.catalogue import MatchingBasis
from backend.inventory_settings.read import value_of
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.orders.models import LineMatch
from backend.orders.names import market_key, option_values, squeezed
from backend.orders.states import MatchedBy
from backend.products.models import Product

_ITEM: Any = StockItem.__table__.c


class SoldLine(NamedTuple):
    """What a market says of a line."""

    market: Market
    market_product_no: str | None
    seller_code: str | None
    name: str
    option: str | None

    @property
    def key(self) -> str:
        return market_key(self.market_product_no, self.name, self.option)


@dataclass(frozen=True)
class Match:
    """`item_id` None: not matched, though the product may be known."""

    item_id: str | None = None
    product_id: str | None = None
    by: MatchedBy | None = None


class _Item(NamedTuple):
    id: str
    product_id: str | None
    name: str
    option: str


@dataclass
class Matcher:
    """Made once for a batch of lines; asks the database once for all of them."""

    basis: MatchingBasis
    remembered: dict[tuple[Market, str], str] = field(default_factory=dict)
    items: dict[str, _Item] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)  # items known by code and product
    by_code: dict[str, list[_Item]] = field(default_factory=lambda: defaultdict(list))
    of_product: dict[str, list[_Item]] = field(default_factory=lambda: defaultdict(list))
    products: dict[str, str] = field(default_factory=dict)  # product code → id
    listed: dict[tuple[Market, str], str] = field(default_factory=dict)  # market product number → product id
    by_name: dict[str, list[_Item]] | None = None
    session: Session | None = None
    shop_id: str = ""
    _known: dict[SoldLine, Match] = field(default_factory=dict)

    def match(self, line: SoldLine) -> Match:
        found = self._known.get(line)
        if found is None:
            found = self._known[line] = self._match(line)
        return found

    def _match(self, line: SoldLine) -> Match:
        kept = self.remembered.get((line.market, line.key)) if self.remembered else None
        if kept is not None:
            return Match(kept, self._product(kept), MatchedBy.MEMORY)
        product = self.listed.get((line.market, line.market_product_no or "")) or self.products.get(_code(line))
        if self.basis is not MatchingBasis.NAME:
            found = self._only(self.by_code.get(_code(line), []) if line.seller_code else [])
            found = found or self._option_of(product, line)
            if found:
                return Match(found.id, found.product_id, MatchedBy.CODE)
        if self.basis is not MatchingBasis.CODE:
            found = self._only(self._names().get(squeezed(line.name) + option_values(line.option), []))
            if found:
                return Match(found.id, found.product_id, MatchedBy.NAME)
        return Match(None, product, None)

    def _option_of(self, product: str | None, line: SoldLine) -> _Item | None:
        """The option of a product that is known by its code; a product of one item needs none."""
        items = self.of_product.get(product, []) if product else []
        wanted = option_values(line.option)
        if not wanted:
            return self._only(items)
        return self._only([item for item in items if item.option == wanted])

    @staticmethod
    def _only(items: Sequence[_Item]) -> _Item | None:
        return items[0] if len(items) == 1 else None

    def _product(self, item_id: str) -> str | None:
        item = self.items.get(item_id)
        return item.product_id if item else None

    def _names(self) -> dict[str, list[_Item]]:
        """Every item of the shop by its names, read when the first line needs it."""
        if self.by_name is None:
            self.by_name = defaultdict(list)
            assert self.session is not None
            rows = self.session.execute(
                select(StockItem.id, StockItem.product_id, StockItem.name, StockItem.option_name, Product.name)
                .outerjoin(Product, Product.id == StockItem.product_id)
                .where(StockItem.shop_id == self.shop_id, StockItem.state == ItemState.ACTIVE)
            )
            for item_id, product_id, name, option, product in rows:
                item = _Item(item_id, product_id, name, option_values(option))
                names = {squeezed(name), squeezed(product) + item.option if product else ""} - {""}
                for one in names:
                    self.by_name[one].append(item)
        return self.by_name


def matcher(session: Session, shop_id: str, lines: Iterable[SoldLine], basis: MatchingBasis | None = None) -> Matcher:
    """Knows what these lines may mean: memories, codes, listings and the items of the products these lead to.
    Without `basis` the shop's own."""
    made = Matcher(basis or value_of(session, shop_id, "matching_basis"), session=session, shop_id=shop_id)
    asked = list(dict.fromkeys(lines))
    _remember(session, made, asked)
    _read_codes(session, made, asked)
    return made


def _remember(session: Session, made: Matcher, lines: Sequence[SoldLine]) -> None:
    memory: Any = LineMatch.__table__.c
    query = (
        select(memory.market, memory.market_key, memory.item_id, _ITEM.product_id, _ITEM.name)
        .join(StockItem.__table__, _ITEM.id == memory.item_id)
        .where(memory.shop_id == made.shop_id, memory.active, among(memory.market_key, {line.key for line in lines}))
        .where(_ITEM.state == ItemState.ACTIVE)
    )
    for market, key, item_id, product_id, name in session.execute(query):
        made.remembered[market, key] = item_id
        made.items[item_id] = _Item(item_id, product_id, name, "")


def _read_codes(session: Session, made: Matcher, lines: Sequence[SoldLine]) -> None:
    codes = {_code(line) for line in lines if line.seller_code}
    numbers = {line.market_product_no for line in lines if line.market_product_no}
    if numbers:
        listing: Any = Listing.__table__.c
        listed = select(listing.market, listing.market_product_no, listing.product_id).where(
            listing.shop_id == made.shop_id, among(listing.market_product_no, numbers), listing.product_id.is_not(None)
        )
        made.listed |= {(market, number or ""): product or "" for market, number, product in session.execute(listed)}
    if codes:
        product: Any = Product.__table__.c
        named = select(product.code, product.id).where(product.shop_id == made.shop_id, among(product.code, codes))
        made.products |= {code.upper(): product_id for code, product_id in session.execute(named)}
        _read_items(session, made, among(_ITEM.code, codes))
    if products := {*made.products.values(), *made.listed.values()}:
        _read_items(session, made, among(_ITEM.product_id, products))


def _read_items(session: Session, made: Matcher, which: ColumnElement[bool]) -> None:
    query = select(_ITEM.id, _ITEM.code, _ITEM.product_id, _ITEM.name, _ITEM.option_name).where(
        _ITEM.shop_id == made.shop_id, _ITEM.state == ItemState.ACTIVE, which
    )
    for item_id, code, product_id, name, option in session.execute(query).all():
        if item_id in made.read:
            continue
        made.read.add(item_id)
        item = made.items[item_id] = _Item(item_id, product_id, name, option_values(option))
        made.by_code[code.upper()].append(item)
        if product_id:
            made.of_product[product_id].append(item)


def _code(line: SoldLine) -> str:
    return (line.seller_code or "").strip().upper()

"""Which stock item a market's line means: as a person matched it before, by its code, by its name; never a guess.

Two items that fit alike are no match: a person decides (source: 002, 주문매칭).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

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

AT_ONCE = 500


@dataclass(frozen=True)
class SoldLine:
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


@dataclass(frozen=True)
class _Item:
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
    _known: dict[tuple[Market, str | None, str | None, str, str | None], Match] = field(default_factory=dict)

    def match(self, line: SoldLine) -> Match:
        asked = (line.market, line.market_product_no, line.seller_code, line.name, line.option)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._match(line)
        return found

    def _match(self, line: SoldLine) -> Match:
        kept = self.remembered.get((line.market, line.key))
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


def matcher(session: Session, shop_id: str, lines: Iterable[SoldLine]) -> Matcher:
    """Knows what these lines may mean: memories, codes, listings and the items of the products these lead to."""
    made = Matcher(value_of(session, shop_id, "matching_basis"), session=session, shop_id=shop_id)
    asked = list(dict.fromkeys(lines))
    _remember(session, made, asked)
    _read_codes(session, made, asked)
    return made


def _remember(session: Session, made: Matcher, lines: Sequence[SoldLine]) -> None:
    for some in batched(sorted({line.key for line in lines}), AT_ONCE):
        query = (
            select(LineMatch.market, LineMatch.market_key, LineMatch.item_id, StockItem.product_id, StockItem.name)
            .join(StockItem, StockItem.id == LineMatch.item_id)
            .where(LineMatch.shop_id == made.shop_id, LineMatch.active, LineMatch.market_key.in_(some))
            .where(StockItem.state == ItemState.ACTIVE)
        )
        for market, key, item_id, product_id, name in session.execute(query):
            made.remembered[market, key] = item_id
            made.items[item_id] = _Item(item_id, product_id, name, "")


def _read_codes(session: Session, made: Matcher, lines: Sequence[SoldLine]) -> None:
    codes = {_code(line) for line in lines if line.seller_code}
    numbers = {line.market_product_no for line in lines if line.market_product_no}
    for some in batched(sorted(numbers), AT_ONCE):
        listed = select(Listing.market, Listing.market_product_no, Listing.product_id).where(
            Listing.shop_id == made.shop_id, Listing.market_product_no.in_(some), Listing.product_id.is_not(None)
        )
        for market, number, product in session.execute(listed):
            made.listed[market, number or ""] = product or ""
    for some in batched(sorted(codes), AT_ONCE):
        named = select(Product.code, Product.id).where(Product.shop_id == made.shop_id, Product.code.in_(some))
        made.products |= {code.upper(): product for code, product in session.execute(named).tuples()}
        _read_items(session, made, StockItem.code.in_(some))
    for some in batched(sorted({*made.products.values(), *made.listed.values()}), AT_ONCE):
        _read_items(session, made, StockItem.product_id.in_(some))


def _read_items(session: Session, made: Matcher, which: ColumnElement[bool]) -> None:
    query = select(StockItem.id, StockItem.code, StockItem.product_id, StockItem.name, StockItem.option_name).where(
        StockItem.shop_id == made.shop_id, StockItem.state == ItemState.ACTIVE, which
    )
    for item_id, code, product_id, name, option in session.execute(query):
        if item_id in made.read:
            continue
        made.read.add(item_id)
        item = made.items[item_id] = _Item(item_id, product_id, name, option_values(option))
        made.by_code[code.upper()].append(item)
        if product_id:
            made.of_product[product_id].append(item)


def _code(line: SoldLine) -> str:
    return (line.seller_code or "").strip().upper()

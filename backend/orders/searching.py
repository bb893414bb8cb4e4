"""Which orders are meant by what people type: any spelling of a number, masked and mistyped names, parts of product names."""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from backend.inventory.models import StockItem
from backend.kit.hangul import compact, find_mention, jamo_distance
from backend.orders.models import Order, OrderLine, Shipment
from backend.products.models import Product

MASK = "*"
LEAST_DIGITS = 4  # fewer say nothing about a number
CLEARLY = 0.15  # products that fit this much worse than the best are not meant
LEAST_FIT = 0.3
_NUMBER = re.compile(r"[A-Za-z]{0,3}\d[\dA-Za-z]*(?:[-\s._/]*\d[\dA-Za-z]*)*")
_BEGINS = r"(?<!\w)"
_OF_A_PERSON = r"(?:\s*(?:님|씨|고객|손님|구매자|꺼|주문|오더)|\s*거(?:\s|$)|네|이네|[.?!~]*$)"
NONE: ColumnElement[bool] = Order.id.is_(None)


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


def number_is(text: str) -> ColumnElement[bool]:
    """An order's own or market number with these digits, whole or at its end, however they are spaced; a tracking number whole."""
    digits = digits_of(text)
    if len(digits) < LEAST_DIGITS:
        return NONE
    plain = [_plain(Order.order_no), _plain(Order.market_order_no)]
    whole: list[ColumnElement[bool]] = [column.like(f"%{digits}") for column in plain]
    letters = compact(text)
    if letters != digits:
        whole.append(func.lower(_plain(Order.order_no)) == letters)
    tracked = select(OrderLine.order_id).join(Shipment, Shipment.id == OrderLine.shipment_id)
    own = or_(_plain(Shipment.tracking_no) == digits, _plain(Shipment.number).like(f"%{digits}"))
    return or_(*whole, Order.id.in_(tracked.where(OrderLine.shop_id == Order.shop_id, own)))


def _plain(column: object) -> ColumnElement[str]:
    """Without what people put between digits, or leave out."""
    found = func.replace(func.replace(column, "-", ""), " ", "")
    return func.replace(found, "_", "")


def numbers_in(text: str) -> list[str]:
    """What in a sentence may be an order number: runs of digits with dashes or spaces between, longest first."""
    found = [match[0] for match in _NUMBER.finditer(text) if len(digits_of(match[0])) >= LEAST_DIGITS]
    return sorted(found, key=lambda one: -len(digits_of(one)))


def buyer_is(session: Session, shop_id: str, wanted: str) -> ColumnElement[bool]:
    """Buyers and recipients of that name: 김*수 is 김민수 and the other way round, and one wrong key is forgiven."""
    names = _names(session, shop_id)
    exact = [name for name in names if same_person(name, wanted)]
    meant = exact or [name for name in names if MASK not in name and _alike(name, wanted)]
    if not meant:
        return NONE
    return or_(Order.buyer_name.in_(meant), Order.recipient_name.in_(meant))


def names_in(session: Session, shop_id: str, sentence: str) -> set[str]:
    """The buyers' names a sentence says, each at the beginning of a word. Masked letters stand for any, so that half of all
    words would be somebody ("최근 주문" 최*주, "할 수" 장*수): such a name needs a word of address or of orders behind it,
    or is all that is said."""
    return {name for name in _names(session, shop_id) if (shape := _shape(name)) and re.search(shape, sentence.strip())}


def same_person(one: str, other: str) -> bool:
    """Letter by letter, a masked one fits any; spaces and case aside."""
    a, b = ("".join(name.split()).lower() for name in (one, other))
    if not a or not b:
        return False
    if MASK not in a + b:
        return a == b
    if len(a) == len(b):
        return all(x == y or MASK in (x, y) for x, y in zip(a, b, strict=True)) and _says_enough(a, b)
    shape, plain = (a, b) if MASK in a else (b, a)
    return MASK not in plain and bool(re.fullmatch(_pattern(shape), plain))


def _says_enough(a: str, b: str) -> bool:
    """At least one letter is known on both sides."""
    return any(x == y and x != MASK for x, y in zip(a, b, strict=True))


def _pattern(name: str) -> str:
    return re.sub(r"(?:\\\*)+", ".+", re.escape(name))


def _shape(name: str) -> str | None:
    letters = "".join(name.split())
    if len([letter for letter in letters if letter != MASK]) < 2:
        return None
    if MASK not in letters:
        return _BEGINS + r"\s*".join(map(re.escape, letters))
    return _BEGINS + "".join(r"[\w*]" if letter == MASK else re.escape(letter) for letter in letters) + _OF_A_PERSON


def _alike(name: str, wanted: str) -> bool:
    a, b = compact(name), compact(wanted)
    return len(a) == len(b) >= 2 and jamo_distance(a, b, 1) <= 1


def _names(session: Session, shop_id: str) -> list[str]:
    query = (
        select(Order.buyer_name)
        .where(Order.shop_id == shop_id)
        .union(select(Order.recipient_name).where(Order.shop_id == shop_id, Order.recipient_name.is_not(None)))
    )
    return sorted(session.scalars(query))


def product_is(session: Session, shop_id: str, wanted: str) -> ColumnElement[bool]:
    """Orders with a line whose product, stock item or market name a person may mean."""
    return _bought(*_products(session, shop_id, wanted, whole=True))


def products_in(session: Session, shop_id: str, sentence: str) -> ColumnElement[bool] | None:
    """The same for the products a sentence speaks of; None when it speaks of none."""
    found = _products(session, shop_id, sentence, whole=False)
    return _bought(*found) if any(found) else None


def _bought(products: set[str], items: set[str], names: set[str]) -> ColumnElement[bool]:
    fits = [
        column.in_(some)
        for column, some in (
            (OrderLine.product_id, products),
            (OrderLine.item_id, items),
            (OrderLine.market_name, names),
        )
        if some
    ]
    if not fits:
        return NONE
    return Order.id.in_(select(OrderLine.order_id).where(and_(OrderLine.shop_id == Order.shop_id, or_(*fits))))


def _products(session: Session, shop_id: str, text: str, *, whole: bool) -> tuple[set[str], set[str], set[str]]:
    """Product ids, item ids and market names; `whole` takes any name that contains the text as well."""
    products = session.execute(select(Product.id, Product.name, Product.code).where(Product.shop_id == shop_id)).all()
    items = session.execute(
        select(StockItem.id, StockItem.name, StockItem.code).where(StockItem.shop_id == shop_id)
    ).all()
    sold = session.scalars(
        select(OrderLine.market_name).where(OrderLine.shop_id == shop_id, OrderLine.market_name.is_not(None)).distinct()
    ).all()
    names = {*(row[1] for row in products), *(row[1] for row in items), *(name for name in sold if name)}
    meant = _meant(text, names, whole)
    codes = {token.upper() for token in re.findall(r"[A-Za-z]{1,3}\d{3,}(?:-\d+)?", text)}
    return (
        {key for key, name, code in products if name in meant or code.upper() in codes},
        {key for key, name, code in items if name in meant or code.upper() in codes},
        {name for name in sold if name in meant},
    )


def _meant(text: str, names: Iterable[str], whole: bool) -> set[str]:
    wanted = compact(text)
    if whole and len(wanted) >= 2:
        within = {name for name in names if wanted in compact(name)}
        if within:
            return within
    found = find_mention(text, sorted(names), limit=50)
    if not found or found[0].score < LEAST_FIT:
        return set()
    return {mention.name for mention in found if mention.score >= found[0].score - CLEARLY}

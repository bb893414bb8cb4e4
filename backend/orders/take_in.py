"""Orders come in from the markets: told twice they are one, an older telling changes nothing, by thousands in a few statements.

Choices (source: 002, 주문수집): an order is known by its market and the market's number, so telling it again is never a
duplicate. `duplicate_order_no` is about *another* order that bears the same number, such as one registered by hand: skip
leaves the new one out, add_suffix calls it …-2, update takes it as news of the other one if that has no market of its own
(two markets' orders are never one). With `integrated_orders` off, orders are written down for the books only: without
shipment, unmatched and unpromised; told again after it was switched on, what is still open is handled from then on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.db.bulk import insert_many
from backend.db.locks import take_turn
from backend.inventory_settings.catalogue import DuplicatePolicy
from backend.inventory_settings.read import values_of
from backend.inventory_settings.remote_areas import marked
from backend.kit import clock
from backend.kit.garbage import without_collecting
from backend.kit.ids import new_ids
from backend.orders import numbering
from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.gifts import Gift, deserved, gifts_of
from backend.orders.intake_changes import retell
from backend.orders.intake_rows import Row, gift_row, is_paid, line_row, order_row, shipment_row, sold
from backend.orders.matching import Match, Matcher, matcher
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.names import is_excluded
from backend.orders.told import merged

RULES = (
    "integrated_orders", "collection_excluded", "duplicate_order_no", "matching_basis", "remote_area_marking",
    "remote_areas",
)  # fmt: skip


@dataclass
class Taken:
    """How many orders were new, changed, as known, left out by name, left out by number; how many new lines are unmatched.

    `order_ids` are the new and changed ones, `item_ids` what they may want stock of.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    excluded: int = 0
    duplicate: int = 0
    unmatched: int = 0
    order_ids: list[str] = field(default_factory=list)
    item_ids: set[str] = field(default_factory=set)


@dataclass
class Intake:
    """One call's rules, and the rows it is about to write."""

    session: Session
    shop_id: str
    rules: dict[str, Any]
    gifts: list[Gift]
    matcher: Matcher
    now: datetime
    orders: list[Row] = field(default_factory=list)
    parcels: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    unmatched: int = 0
    order_ids: Iterator[str] = field(default_factory=lambda: new_ids("ord"))
    parcel_ids: Iterator[str] = field(default_factory=lambda: new_ids("shp"))
    line_ids: Iterator[str] = field(default_factory=lambda: new_ids("orl"))

    def line(self, order_id: str, order: CollectedOrder, line: CollectedLine, match: Match) -> Row:
        return line_row(next(self.line_ids), self.shop_id, order_id, line, match, order.changed_at)

    def parcel(self, order: CollectedOrder, lines: Sequence[Row]) -> str:
        """A shipment for these lines; its number is given when all of them are known."""
        states = [line["fulfilment"] for line in lines]
        row = shipment_row(next(self.parcel_ids), self.shop_id, order, states, self.now)
        self.parcels.append(row)
        for line in lines:
            line["shipment_id"] = row["id"]
        return str(row["id"])

    def remote(self, order: CollectedOrder) -> str | None:
        return marked(self.rules["remote_area_marking"], self.rules["remote_areas"], order.postcode, order.country)

    def with_gifts(self, order_id: str, order: CollectedOrder, lines: list[Row]) -> list[Row]:
        """Gifts are decided once, when the order is paid."""
        if not self.gifts:
            return []
        kept = [line for line in lines if line["cancelled"] < line["quantity"]]
        if not is_paid(kept):
            return []
        amount = sum(line["amount"] - line["discount"] for line in kept)
        chosen = deserved(self.gifts, order.ordered_at, amount, {line["product_id"] for line in kept})
        return [gift_row(next(self.line_ids), self.shop_id, order_id, gift) for gift in chosen]

    def write_parcels(self) -> None:
        if self.parcels:
            series = numbering.shipment_series()
            first = numbering.take(self.session, self.shop_id, series, len(self.parcels))
            for number, row in enumerate(self.parcels, first):
                row["number"] = numbering.shipment_number(series, number)
            insert_many(self.session, Shipment, None, self.parcels)
            self.parcels = []

    def write(self) -> None:
        insert_many(self.session, Order, None, self.orders)
        self.write_parcels()
        insert_many(self.session, OrderLine, None, self.lines)


@without_collecting
def take_in(session: Session, shop_id: str, orders: Sequence[CollectedOrder]) -> Taken:
    """Write down what the markets told, in the caller's transaction; stock is promised by `allocate_waiting` afterwards."""
    take_turn(session, [shop_id])
    session.flush()
    take_turn(session, [shop_id])
    taken = Taken()
    told: dict[tuple[Any, str], CollectedOrder] = {}
    for order in orders:
        key = (order.market, order.market_order_no)
        if key in told:
            taken.unchanged += 1
            order = merged(told[key], order)
        told[key] = order
    rules = values_of(session, shop_id, *RULES)
    wanted = [kept for order in told.values() if (kept := _without_excluded(order, rules["collection_excluded"]))]
    taken.excluded = len(told) - len(wanted)
    intake = Intake(
        session, shop_id, rules, gifts_of(session, shop_id) if rules["integrated_orders"] else [],
        matcher(
            session, shop_id, [sold(order, line) for order in wanted for line in order.lines], rules["matching_basis"]
        ),
        clock.now(),
    )  # fmt: skip
    known = _known(session, shop_id, [(order.market, order.market_order_no) for order in wanted])
    fresh, again = [], []
    for order in wanted:
        row = known.get((order.market, order.market_order_no))
        if row is None:
            fresh.append(order)
        else:
            again.append((order, row))
    for order, number in _numbered(session, shop_id, fresh, rules["duplicate_order_no"], again, taken):
        _begin(intake, order, number, taken)
    changed = retell(intake, again) if again else {}
    taken.changed = len(changed)
    taken.unchanged += len(again) - len(changed)
    intake.write()
    taken.unmatched = intake.unmatched
    taken.order_ids += changed
    taken.item_ids = {row["item_id"] for row in intake.lines if row["item_id"]}.union(*changed.values())
    return taken


def _without_excluded(order: CollectedOrder, excluded: Sequence[str]) -> CollectedOrder | None:
    """The order without the products that are not collected; None when nothing is left of it."""
    if not excluded:
        return order
    kept = tuple(line for line in order.lines if not is_excluded(line.name, excluded))
    return replace(order, lines=kept) if kept else None


def _known(session: Session, shop_id: str, keys: Sequence[tuple[Any, str]]) -> dict[tuple[Any, str], Any]:
    table = Order.__table__.c
    found: dict[tuple[Any, str], Any] = {}
    by_market: dict[Any, list[str]] = {}
    for market, number in keys:
        by_market.setdefault(market, []).append(number)
    for market, numbers in by_market.items():
        query = select(*table).where(
            table.shop_id == shop_id, table.market == market, among(table.market_order_no, numbers)
        )
        found |= {(row.market, row.market_order_no): row for row in session.execute(query)}
    return found


def _numbered(
    session: Session, shop_id: str, fresh: Sequence[CollectedOrder], policy: DuplicatePolicy,
    again: list[tuple[CollectedOrder, Any]], taken: Taken,
) -> list[tuple[CollectedOrder, str]]:  # fmt: skip
    """New orders with their numbers; by policy one that bears another's number is left out, renamed, or news of it."""
    table = Order.__table__.c
    query = select(*table).where(
        table.shop_id == shop_id, among(table.order_no, [order.market_order_no for order in fresh])
    )
    others = {row.order_no: row for row in session.execute(query)}
    numbers: list[tuple[CollectedOrder, str]] = []
    here: set[str] = set()
    for order in fresh:
        number = order.market_order_no
        other = others.get(number)
        if other is None and number not in here:
            here.add(number)
            numbers.append((order, number))
        elif policy is DuplicatePolicy.SKIP:
            taken.duplicate += 1
        elif policy is DuplicatePolicy.UPDATE and other is not None and other.market_order_no is None:
            taken.duplicate += 1
            again.append((order, other))
            others.pop(number)
            here.add(number)
        else:
            taken.duplicate += 1
            number = _suffixed(session, shop_id, number, here)
            here.add(number)
            numbers.append((order, number))
    return numbers


def _suffixed(session: Session, shop_id: str, number: str, here: set[str]) -> str:
    table = Order.__table__.c
    query = select(table.order_no).where(
        table.shop_id == shop_id, table.order_no.startswith(f"{number}-", autoescape=True)
    )
    used = {*session.scalars(query), *here}
    part = 2
    while f"{number}-{part}" in used:
        part += 1
    return f"{number}-{part}"


def _begin(intake: Intake, order: CollectedOrder, number: str, taken: Taken) -> None:
    """A new order: its lines in one parcel, with the gifts it deserves if it is paid."""
    handled = bool(intake.rules["integrated_orders"])
    order_id, shop_id = next(intake.order_ids), intake.shop_id
    row = order_row(order_id, shop_id, order, number, intake.remote(order), intake.now if handled else None)
    lines = [intake.line(order_id, order, line, intake.matcher.match(sold(order, line))) for line in order.lines]
    intake.orders.append(row)
    if handled:
        intake.unmatched += sum(line["item_id"] is None for line in lines)
        lines += intake.with_gifts(order_id, order, lines)
        intake.parcel(order, lines)
    intake.lines += lines
    taken.new += 1
    taken.order_ids.append(order_id)

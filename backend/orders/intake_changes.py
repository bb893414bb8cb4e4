"""News of orders we know: what changed is written, promises of what will not be sent are taken back, and an audit line tells it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from backend.access.actor import Actor, pro_actor
from backend.audit.models import AuditEvent
from backend.changes.registry import to_json
from backend.db.among import among
from backend.db.bulk import insert_many, update_many
from backend.inventory import ledger
from backend.inventory.models import StockItem
from backend.inventory.promises import forget, promise_many
from backend.inventory.states import MovementReason
from backend.kit import clock
from backend.kit.ids import new_id
from backend.orders.collected import CollectedOrder
from backend.orders.intake_rows import Row, personal, sold
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.names import market_key
from backend.orders.overpromised import take_back
from backend.orders.states import GONE, LIVE, OPEN, F, ShipmentState
from backend.orders.told import Known, is_stale, take_over

if TYPE_CHECKING:
    from backend.orders.take_in import Intake

OF_ORDER = (
    "market", "market_order_no", "buyer_name", "buyer_phone", "recipient_name", "recipient_phone", "country", "postcode",
    "address", "message", "remote_area", "paid_at", "ship_by", "total", "collected_at", "told_at",
)  # fmt: skip
OF_LINE = (
    "quantity", "cancelled", "allocated", "fulfilment", "amount", "discount", "raw_status", "raw_claim", "told_at",
    "market_line_no", "shipment_id", "item_id", "product_id",
)  # fmt: skip
#: what an order or a line may differ in without anything having happened
SILENT = frozenset({"told_at"})
Changes = list[tuple[str, str, str, str, Any, Any]]  # target type, id, label, field, before, after


def retell(intake: "Intake", again: Sequence[tuple[CollectedOrder, Any]]) -> dict[str, set[str]]:
    """The orders that changed, with the items they may want stock of."""
    families = _lines(intake, [row.id for _, row in again])
    news = _News(intake)
    for order, row in again:
        news.of(order, row, families.get(row.id, []))
    return news.write()


class _News:
    def __init__(self, intake: "Intake") -> None:
        self.intake = intake
        self.orders: list[Row] = []
        self.lines: list[Row] = []
        self.events: Changes = []
        self.changed: dict[str, set[str]] = {}
        self.freed: dict[str, int] = defaultdict(int)
        self.left: list[Known] = []
        self.emptied: set[str] = set()
        self.readdressed: list[Row] = []

    def of(self, order: CollectedOrder, row: Any, lines: list[Known]) -> None:
        before = {line.id: {name: getattr(line, name) for name in OF_LINE} for line in lines}
        known = {name: getattr(row, name) for name in OF_ORDER}
        now = self._order_now(order, row, known)
        added = self._lines_now(order, row, lines)
        handled = now["collected_at"] is not None
        if not handled and self.intake.rules["integrated_orders"]:
            handled = self._begin_handling(order, row, lines, added, now)
        if handled:
            self._add(order, row, lines, added, before)
            self._close_gifts(lines)
        self.intake.lines += added
        told = {name for name in OF_ORDER if now[name] != known[name]}
        if told:
            self.orders.append({"id": row.id, **now})
        self._tell("order", row.id, row.order_no, ((name, known[name], now[name]) for name in OF_ORDER if name in told))
        loud = bool(told - SILENT) or bool(added)
        for line in lines:
            loud |= self._line(line, before[line.id], row.order_no)
        if loud:
            waiting = [line.item_id for line in lines if line.fulfilment in OPEN] + [line["item_id"] for line in added]
            self.changed[row.id] = {item for item in waiting if item} | {
                line.item_id for line in lines if line.item_id and line.allocated < before[line.id]["allocated"]
            }

    def _order_now(self, order: CollectedOrder, row: Any, known: Row) -> Row:
        if is_stale(order.changed_at, row.told_at):
            return dict(known)
        now = {
            **known, "market": order.market, "market_order_no": order.market_order_no, "buyer_name": order.buyer_name,
            "buyer_phone": order.buyer_phone, **personal(order), "paid_at": order.paid_at or row.paid_at,
            "ship_by": order.ship_by, "total": order.total, "told_at": order.changed_at or row.told_at,
        }  # fmt: skip
        now["remote_area"] = self.intake.remote(order) if now["postcode"] != row.postcode else row.remote_area
        address = personal(order)
        if any(known[name] != value for name, value in address.items()):
            self.readdressed.append({"order": row.id, "old": {name: known[name] for name in address}, "new": address})
        return now

    def _lines_now(self, order: CollectedOrder, row: Any, lines: list[Known]) -> list[Row]:
        """Brings the known lines up to date and returns rows for those that are new."""
        families: dict[str | None, list[Known]] = defaultdict(list)
        for line in lines:
            if line.gift_rule_id is None:
                families[line.market_line_no].append(line)
        nameless = families.pop(None, [])
        added = []
        for said in order.lines:
            family = families.get(said.market_line_no)
            if family is None:
                match = self.intake.matcher.match(sold(order, said))
                key = market_key(said.market_product_no, said.name, said.option)
                adopted = next(
                    (n for n in nameless if n.market_key == key or (n.product_id and n.product_id == match.product_id)),
                    None,
                )
                if adopted is None:
                    added.append(self.intake.line(row.id, order, said, match))
                    continue
                nameless.remove(adopted)
                adopted.market_line_no = said.market_line_no
                family = [adopted]
            take_over(family, said, order.changed_at)
        return added

    def _begin_handling(self, order: CollectedOrder, row: Any, lines: list[Known], added: list[Row], now: Row) -> bool:
        """An order of the books whose goods are still here is handled from now on."""
        waiting = [line for line in lines if line.fulfilment in OPEN]
        if not waiting and not any(line["fulfilment"] in OPEN for line in added):
            return False
        now["collected_at"] = clock.now()
        if waiting:
            rows: list[Row] = [{"fulfilment": line.fulfilment} for line in waiting]
            parcel = self.intake.parcel(order, rows)
            for line in waiting:
                line.shipment_id = parcel
        return True

    def _add(
        self, order: CollectedOrder, row: Any, lines: list[Known], added: list[Row], before: dict[str, Row]
    ) -> None:
        """New lines go with the order's first open parcel; the payment brings the gifts."""
        newly_paid = any(
            before[line.id]["fulfilment"] is F.AWAITING_PAYMENT and line.fulfilment is F.UNALLOCATED for line in lines
        )
        self.intake.unmatched += sum(line["item_id"] is None for line in added)
        if newly_paid:
            as_rows = [{name: getattr(line, name) for name in OF_LINE} for line in lines] + added
            added += self.intake.with_gifts(row.id, order, as_rows)
        if added:
            home = next((line.shipment_id for line in lines if line.fulfilment in OPEN and line.shipment_id), None)
            if home is None:
                self.intake.parcel(order, added)
            for line in added:
                line["shipment_id"] = line["shipment_id"] or home

    @staticmethod
    def _close_gifts(lines: list[Known]) -> None:
        """Nothing bought is left, so no gift goes along either."""
        bought = [line for line in lines if line.gift_rule_id is None]
        if bought and all(line.fulfilment is F.CANCELLED for line in bought):
            for gift in lines:
                if gift.gift_rule_id is not None and gift.fulfilment in OPEN:
                    gift.fulfilment, gift.cancelled, gift.allocated = F.CANCELLED, gift.quantity, 0

    def _line(self, line: Known, before: Row, order_no: str) -> bool:
        moved = {name for name in OF_LINE if getattr(line, name) != before[name]}
        if not moved:
            return False
        self.lines.append({"id": line.id, **{name: getattr(line, name) for name in OF_LINE}})
        if line.item_id and before["allocated"] > line.allocated:
            self.freed[line.item_id] -= before["allocated"] - line.allocated
        if line.shipment_id and "fulfilment" in moved and line.fulfilment not in OPEN:
            self.emptied.add(line.shipment_id)
            if line.fulfilment in GONE and before["fulfilment"] in OPEN:
                self.left.append(line)
        seen = ((name, before[name], getattr(line, name)) for name in OF_LINE if name in moved)
        self._tell("order_line", line.id, order_no, seen)
        return bool(moved - SILENT)

    def _tell(self, kind: str, target: str, label: str, seen: Iterable[tuple[str, Any, Any]]) -> None:
        self.events += [(kind, target, label, name, old, new) for name, old, new in seen if name not in SILENT]

    def write(self) -> dict[str, set[str]]:
        session, shop_id = self.intake.session, self.intake.shop_id
        self.intake.write_parcels()  # known lines may point to a parcel that is made in this very call
        _update(session, Order, OF_ORDER, self.orders)
        _update(session, OrderLine, OF_LINE, self.lines)
        promise_many(session, shop_id, self.freed)
        self._leave(pro_actor(shop_id))
        self._readdress()
        self._close_parcels()
        self._write_events(pro_actor(shop_id))
        return self.changed

    def _leave(self, actor: Actor) -> None:
        """What left by the market's own admin page leaves our stock too; what was not counted here cannot leave it."""
        session = self.intake.session
        for line in sorted(self.left, key=lambda one: (one.item_id or "", one.id)):
            if line.item_id is None or line.open_quantity == 0:
                continue
            stocked = session.scalar(select(StockItem.stocked).where(StockItem.id == line.item_id)) or 0
            gone = min(line.open_quantity, stocked)
            if gone > 0:
                why = ledger.Why(MovementReason.SHIP, "market", line.order_id, f"ship:{line.id}", line.id)
                ledger.post(session, actor, line.item_id, -gone, why)
        session.flush()
        left = {line.item_id for line in self.left if line.item_id}
        for short, field, before, after in take_back(session, self.intake.shop_id, left):
            if before != after:
                self._tell("order_line", short.id, short.market_name or "", [(field, before, after)])

    def _readdress(self) -> None:
        """Parcels of this order alone follow its new address until they bear a label."""
        table: Any = Shipment.__table__
        for news in self.readdressed:
            session = self.intake.session
            lines = OrderLine.__table__.c
            own = select(lines.shipment_id).where(lines.order_id == news["order"], lines.shipment_id.is_not(None))
            others = exists().where(lines.shipment_id == table.c.id, lines.order_id != news["order"])
            ids = list(session.scalars(
                select(table.c.id).where(table.c.id.in_(own), table.c.state == ShipmentState.PREPARING, ~others)
            ))  # fmt: skip
            if ids:
                session.execute(
                    update(table).where(table.c.id.in_(ids)).values(**news["new"], version=table.c.version + 1)
                )
                forget(session, Shipment, ids)

    def _close_parcels(self) -> None:
        """A parcel none of whose lines is open any more is void, or has left with the first that left."""
        session, lines = self.intake.session, OrderLine.__table__.c
        table: Any = Shipment.__table__
        if not self.emptied:
            return
        inside = [lines.shipment_id == table.c.id]
        still = exists().where(*inside, lines.fulfilment.in_(OPEN))
        gone = exists().where(*inside, lines.fulfilment.in_(GONE))
        over = [among(table.c.id, self.emptied), table.c.state.in_(LIVE), ~still]
        moved = {"version": table.c.version + 1}
        session.execute(update(table).where(*over, ~gone).values(state=ShipmentState.VOID, **moved))
        session.execute(
            update(table).where(*over, gone).values(state=ShipmentState.SHIPPED, shipped_at=clock.now(), **moved)
        )
        delivered = ~exists().where(*inside, lines.fulfilment == F.SHIPPED)
        session.execute(
            update(table)
            .where(among(table.c.id, self.emptied), table.c.state == ShipmentState.SHIPPED, ~still, delivered)
            .values(state=ShipmentState.DELIVERED, delivered_at=clock.now(), **moved)
        )
        forget(session, Shipment, self.emptied)

    def _write_events(self, actor: Actor) -> None:
        now = clock.now()
        rows = [
            {
                "id": new_id("aud"), "shop_id": actor.shop_id, "at": now, "actor_kind": actor.kind.value, "actor_id": actor.id,
                "actor_name": actor.name, "on_behalf_of": None, "action": "orders.told", "source_type": "market",
                "source_id": label, "seq": seq, "op": "set", "target_type": kind, "target_id": target, "target_label": label,
                "field": name, "before": to_json(old), "after": to_json(new), "reason": None, "conversation_id": None,
                "undone_by": None, "published_at": None,
            }
            for seq, (kind, target, label, name, old, new) in enumerate(self.events)
        ]  # fmt: skip
        if rows:
            insert_many(self.intake.session, AuditEvent, tuple(rows[0]), rows)


def _lines(intake: "Intake", order_ids: Sequence[str]) -> dict[str, list[Known]]:
    made: dict[str, list[Known]] = defaultdict(list)
    names = [field.name for field in fields(Known) if field.name != "market_key"]
    table: Any = OrderLine.__table__.c
    said = (table.market_product_no, table.market_name, table.market_option)
    query = (
        select(*(table[name] for name in names), *said)
        .where(table.shop_id == intake.shop_id, among(table.order_id, order_ids))
        .order_by(table.id)
    )
    for row in intake.session.execute(query):
        line = Known(**dict(zip(names, row, strict=False)), market_key=market_key(*row[len(names) :]))
        made[line.order_id].append(line)
    return made


def _update(session: Any, model: Any, names: Sequence[str], rows: list[Row]) -> None:
    update_many(session, model, names, rows)
    forget(session, model, [row["id"] for row in rows])

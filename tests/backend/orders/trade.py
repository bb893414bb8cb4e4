"""A machine of rules (hypothesis) that trades as a market, a shop and its engine do, in any order, and checks the books."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.errors import OpsTalkError
from backend.inventory.models import StockItem
from backend.inventory.states import MovementReason
from backend.inventory.targets import movement
from backend.kit import clock
from backend.kit.ids import new_id
from backend.orders.allocate import allocate_waiting
from backend.orders.collected import CollectedOrder
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import LIVE, OPEN, F, ShipmentState
from backend.orders.take_in import take_in
from backend.plans import service as plans
from backend.plans.models import Plan
from backend.shops.models import Shop
from tests.backend.orders.build import add_item, check_books, line, order, receive

#: there the same steps each time, so that a landing does not hang on dice; here others each time, so that they are searched
IN_CI = bool(os.environ.get("CI"))
NUMBER, SOME = st.integers(1, 5), st.integers(0, 999)


class Trade(RuleBasedStateMachine):
    """Five orders at most of two items, told in any order by one market."""

    session: Session
    shop: Shop
    owner: Actor
    checked: list[int]  # how often the books were looked at, of all runs together

    @initialize()
    def begin(self) -> None:
        self.savepoint = self.session.begin_nested()
        self.items = [add_item(self.session, self.shop, n, stocked=6) for n in (1, 2)]
        self.told: dict[int, CollectedOrder] = {}
        self.plans: list[Plan] = []
        self.ticks = 0
        for number, first, second in ((1, 1, 0), (2, 2, 2), (3, 3, 1)):
            self.collect(number, first, second, paid=True)
        self.allocate()

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            self.savepoint.rollback()
            self.session.expire_all()

    def _wish(self, kind: str, **params: Any) -> None:
        """A refusal leaves nothing behind; whatever it is, it has a name."""
        inner = self.session.begin_nested()
        try:
            plan = plans.preview(self.session, self.owner, kind, params)
            plans.confirm(self.session, self.owner, plan.id, new_id("key"))
            self.session.flush()
            inner.commit()
            if kind != "undo":
                self.plans.append(plan)
        except OpsTalkError:
            inner.rollback()
            self.session.expire_all()

    def _tell(self, number: int, **over: Any) -> None:
        self.ticks += 1
        self.told[number] = replace(self.told[number], changed_at=clock.now() + timedelta(seconds=self.ticks), **over)
        take_in(self.session, self.shop.id, [self.told[number]])

    def _lines(self) -> list[OrderLine]:
        return list(
            self.session.scalars(select(OrderLine).where(OrderLine.shop_id == self.shop.id).order_by(OrderLine.id))
        )

    @rule(number=NUMBER, first=st.integers(1, 3), second=st.integers(0, 3), paid=st.booleans())
    def collect(self, number: int, first: int, second: int, paid: bool) -> None:
        if number not in self.told:
            state = F.UNALLOCATED if paid else F.AWAITING_PAYMENT
            lines = [line(f"{number}a", quantity=first, fulfilment=state, amount=999)]
            lines += [line(f"{number}b", quantity=second, fulfilment=state, seller_code="P00002-01")] if second else []
            self.told[number] = order(number, *lines, paid_at=clock.now() if paid else None)
        take_in(self.session, self.shop.id, [self.told[number]])

    @rule(number=NUMBER)
    def an_older_telling_comes_late(self, number: int) -> None:
        if number in self.told:
            old = replace(self.told[number], changed_at=clock.now() - timedelta(days=1), address="old")
            take_in(self.session, self.shop.id, [old])

    @rule(number=NUMBER, state=st.sampled_from([F.UNALLOCATED, F.CANCELLED, F.SHIPPED, F.DELIVERED]), one=st.booleans())
    def the_market_says(self, number: int, state: F, one: bool) -> None:
        if number in self.told:
            lines = self.told[number].lines
            moved = tuple(
                replace(said, fulfilment=state) if not one or at == 0 else said for at, said in enumerate(lines)
            )
            self._tell(number, lines=moved, paid_at=clock.now())

    @rule(number=NUMBER)
    def the_market_cancels_a_piece(self, number: int) -> None:
        if number in self.told:
            first, *rest = self.told[number].lines
            self._tell(number, lines=(replace(first, quantity=max(1, first.quantity - 1)), *rest))

    @rule(item=st.integers(0, 1), units=st.integers(1, 4))
    def goods_arrive(self, item: int, units: int) -> None:
        receive(self.session, self.shop, self.items[item], units)

    @rule()
    def allocate(self) -> None:
        allocate_waiting(self.session, self.shop.id)

    @rule(
        number=NUMBER,
        kind=st.sampled_from(
            ["order.hold", "order.release", "order.remove", "order.restore", "order.allocate", "order.deallocate"]
        ),
    )
    def wish(self, number: int, kind: str) -> None:
        name = f"2026111800{number}"
        self._wish(kind, **({"order_ids": [name]} if kind.endswith("allocate") else {"order_id": name}))

    @rule(one=NUMBER, other=NUMBER)
    def merge(self, one: int, other: int) -> None:
        self._wish("order.merge", order_ids=[f"2026111800{one}", f"2026111800{other}"])

    @rule(which=SOME, pieces=st.integers(1, 3))
    def split(self, which: int, pieces: int) -> None:
        lines = self._lines()
        if lines:
            self._wish("order.split", lines=[{"line_id": lines[which % len(lines)].id, "quantity": pieces}])

    @rule(which=SOME)
    def undo(self, which: int) -> None:
        if self.plans:
            chosen = self.plans[which % len(self.plans)]
            self._wish("undo", source_type="plan", source_id=chosen.id)

    @rule(which=SOME)
    def ship(self, which: int) -> None:
        """As shipping does: the promise becomes a movement, and the parcel leaves whole."""
        ready = [
            parcel
            for parcel in self.session.scalars(
                select(Shipment).where(Shipment.state == ShipmentState.PREPARING, ~Shipment.held)
            )
            if all(one.fulfilment is F.ALLOCATED for one in self._inside(parcel))
        ]
        if not ready:
            return
        parcel = ready[which % len(ready)]
        changes: list[Change] = []
        stock = {
            item.id: item.stocked
            for item in self.session.scalars(select(StockItem).where(StockItem.shop_id == self.shop.id))
        }
        for one in self._inside(parcel):
            item = self.session.get_one(StockItem, one.item_id)
            changes.append(Change("order_line", one.id, "allocated", one.allocated, 0))
            changes.append(
                movement(item, -one.open_quantity, MovementReason.SHIP, before=stock[item.id], line_id=one.id)
            )
            stock[item.id] -= one.open_quantity
            changes.append(Change("order_line", one.id, "fulfilment", one.fulfilment.value, F.SHIPPED.value))
        for before, after in (
            (ShipmentState.PREPARING, ShipmentState.LABELLED),
            (ShipmentState.LABELLED, ShipmentState.SHIPPED),
        ):
            changes.append(Change("shipment", parcel.id, "state", before.value, after.value))
        apply(self.session, self.owner, "shipment.ship", Source("direct", parcel.id), changes)

    @rule(which=SOME)
    def come_back(self, which: int) -> None:
        """Returned goods are stock again; the line stays gone."""
        gone = [one for one in self._lines() if one.fulfilment is F.DELIVERED and one.item_id]
        if gone:
            one = gone[which % len(gone)]
            item = self.session.get_one(StockItem, one.item_id)
            apply(
                self.session,
                self.owner,
                "claim.inspect",
                Source("direct", one.id),
                [movement(item, 1, MovementReason.RETURN, line_id=one.id)],
            )

    def _inside(self, parcel: Shipment) -> list[OrderLine]:
        return [one for one in self._lines() if one.shipment_id == parcel.id and one.fulfilment is not F.CANCELLED]

    @invariant()
    def the_books_are_true(self) -> None:
        if not hasattr(self, "savepoint"):
            return
        self.checked[0] += 1
        check_books(self.session, self.shop)
        ordered: dict[str, int] = {}
        for number, said in self.told.items():
            most = {one.market_line_no: one.quantity for one in said.lines}
            for name in most:
                ordered[name] = max(ordered.get(name, 0), most[name])
            kept = self.session.execute(
                select(OrderLine.market_line_no, func.sum(OrderLine.quantity))
                .join(Order).where(Order.market_order_no == f"2026111800{number}").group_by(OrderLine.market_line_no)
            )  # fmt: skip
            for name, pieces in kept:
                assert pieces >= ordered.get(name or "", 0), "nothing that was ordered is lost"
        for parcel in self.session.scalars(select(Shipment).where(Shipment.state.in_(LIVE))):
            assert any(one.fulfilment in OPEN for one in self._inside(parcel))


def trade(machine: type[Trade], session: Session, shop: Shop, owner: Actor, runs: int, steps: int) -> int:
    """Returns after how many steps the books were checked."""
    machine.session, machine.shop, machine.owner, machine.checked = session, shop, owner, [0]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine, settings=settings(max_examples=runs, stateful_step_count=steps, deadline=None, derandomize=IN_CI,
                                   suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    return machine.checked[0]

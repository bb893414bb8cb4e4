"""Whatever people and orders do in whatever order: stock is the sum of its lines, and never less than nothing."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import OpsTalkError
from backend.inventory import ledger
from backend.inventory.labels import labels
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import MovementReason, StockLabel
from tests.backend.inventory.conftest import carry_out, unbalanced, undo
from tests.backend.plans.whole_state import rolled_back

ITEM = st.sampled_from(["itm_oneul_1", "itm_oneul_2", "itm_oneul_3"])
STEP = st.one_of(
    st.tuples(st.just("receive"), ITEM, st.integers(1, 15)),
    st.tuples(st.just("issue"), ITEM, st.integers(1, 15)),
    st.tuples(st.just("count"), ITEM, st.integers(0, 30)),
    st.tuples(st.just("reserve"), ITEM, st.integers(1, 8)),
    st.tuples(st.just("release"), ITEM, st.integers(1, 8)),
    st.tuples(st.just("ship"), ITEM, st.integers(1, 8)),
    st.tuples(st.just("undo"), ITEM, st.integers(0, 5)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=1, max_size=14))
def test_no_order_of_steps_makes_stock_lie(session: Session, owner: Actor, ids: dict[str, str], steps: list) -> None:
    with rolled_back(session):
        done: list[Any] = []
        for step in steps:
            before = counts(session)
            try:
                with session.begin_nested():
                    take(session, owner, done, *step)
            except OpsTalkError:
                session.expire_all()
                assert counts(session) == before, f"{step} was refused and moved something"
        assert not unbalanced(session)
        balance: dict[str, int] = {}
        for line in session.scalars(select(StockMovement).order_by(StockMovement.id)):
            balance[line.item_id] = balance.get(line.item_id, 0) + line.delta
            assert line.balance == balance[line.item_id], "each line tells the stock after it"
            assert line.balance >= 0
        items = list(session.scalars(select(StockItem).where(StockItem.shop_id == owner.shop_id)))
        for item in items:
            assert item.reserved >= 0
            assert item.available == item.stocked - item.reserved
            label = labels(session, owner.shop_id, [item])[item.id]
            assert (label in (StockLabel.IN_STOCK, StockLabel.NEARLY_OUT)) == (item.available > 0)


def counts(session: Session) -> dict[str, tuple[int, int]]:
    rows = session.execute(select(StockItem.id, StockItem.stocked, StockItem.reserved))
    return {item_id: (stocked, reserved) for item_id, stocked, reserved in rows}


def take(session: Session, owner: Actor, done: list[Any], kind: str, item: str, number: int) -> None:
    if kind == "receive" or kind == "issue":
        done.append(carry_out(session, owner, "stock.adjust", way=kind, lines=[{"item_id": item, "quantity": number}]))
    elif kind == "count":
        done.append(carry_out(session, owner, "stock.adjust", way="correct", lines=[{"item_id": item, "to": number}]))
    elif kind == "reserve":
        ledger.reserve(session, owner.shop_id, item, number)
    elif kind == "release":
        ledger.release(session, owner.shop_id, item, number)
    elif kind == "ship":
        ledger.release(session, owner.shop_id, item, number)
        ledger.post(session, owner, item, -number, ledger.Why(MovementReason.SHIP, "shipment", "shp"))
    elif done:
        undo(session, owner, done.pop(min(number, len(done) - 1)))

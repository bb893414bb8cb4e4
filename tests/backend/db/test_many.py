"""Many rows in one statement, many texts in one parameter: the same rows as one by one, on either database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.db.bulk import insert_many, update_many
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import ItemState, MovementReason
from backend.shops.models import Shop
from tests.databases import ON_POSTGRES

SEOUL = timezone(timedelta(hours=9))
AT = datetime(2026, 11, 18, 12, 0, 0, 123456, tzinfo=SEOUL)
CODES = ("P-1", "따옴표'\"", "쉼표,", "[괄호]", "역\\빗금", "%s", "")


def add_items(session: Session, shop: Shop, codes: tuple[str, ...] = CODES, **over: Any) -> None:
    shared: dict[str, Any] = {"색상": "블랙"}
    rows = [
        {
            "id": f"itm_{n}", "code": code, "name": f"상품 {n}", "options": shared if n % 2 else {"색상": str(n)},
            "cost": n or None, "location": None, **over,
        }
        for n, code in enumerate(codes)
    ]  # fmt: skip
    insert_many(
        session, StockItem, None, rows, shop_id=shop.id, tags=[], state=ItemState.ACTIVE, stocked=0, reserved=0,
        safety=0, version=1,
    )  # fmt: skip


def test_rows_come_back_as_they_were_told_also_where_some_say_nothing(session: Session, shop: Shop) -> None:
    add_items(session, shop)
    items = list(session.scalars(select(StockItem).order_by(StockItem.id)))
    assert [(item.code, item.cost, item.location) for item in items] == [
        (code, n or None, None) for n, code in enumerate(CODES)
    ]
    assert [item.options for item in items] == [{"색상": "블랙" if n % 2 else str(n)} for n in range(len(CODES))]
    assert {(item.state, tuple(item.tags), item.version) for item in items} == {(ItemState.ACTIVE, (), 1)}


def test_a_moment_is_written_as_the_mapper_writes_it(session: Session, shop: Shop) -> None:
    add_items(session, shop, ("P-1",))
    said: dict[str, Any] = {
        "shop_id": shop.id, "item_id": "itm_0", "reason": MovementReason.RECEIVE, "delta": 1, "balance": 1,
        "by_id": "x", "by_name": "x", "source_type": "seed", "source_id": "x",
    }  # fmt: skip
    moments = [AT, AT.astimezone(UTC), AT.replace(microsecond=0), AT + timedelta(days=1)]
    rows = [{**said, "id": f"mov_a{n}", "at": at} for n, at in enumerate(moments)]
    insert_many(session, StockMovement, None, rows)
    session.add_all([StockMovement(**{**row, "id": f"mov_b{n}"}) for n, row in enumerate(rows)])
    session.flush()
    session.expire_all()
    kept = {row.id: row.at for row in session.scalars(select(StockMovement))}
    assert [kept[f"mov_a{n}"] for n in range(4)] == moments
    raw = dict(session.execute(text("SELECT id, CAST(at AS TEXT) FROM stock_movements")).tuples().all())
    assert [raw[f"mov_a{n}"] for n in range(4)] == [raw[f"mov_b{n}"] for n in range(4)]


def test_a_naive_moment_is_refused(session: Session, shop: Shop) -> None:
    add_items(session, shop, ("P-1",))
    row = {
        "id": "mov_1", "shop_id": shop.id, "item_id": "itm_0", "reason": MovementReason.RECEIVE, "delta": 1,
        "balance": 1, "at": AT.replace(tzinfo=None), "by_id": "x", "by_name": "x", "source_type": "seed", "source_id": "x",
    }  # fmt: skip
    with pytest.raises(ValueError, match="naive"):
        insert_many(session, StockMovement, None, [row])


def test_an_update_sets_adds_and_counts_the_version_up(session: Session, shop: Shop) -> None:
    add_items(session, shop, ("A", "B", "C"))
    rows = [{"id": "itm_0", "stocked": 7, "reserved": 2}, {"id": "itm_1", "stocked": 9, "reserved": 0}]
    update_many(session, StockItem, ("stocked",), rows, adding=("reserved",), state=ItemState.REMOVED)
    update_many(session, StockItem, (), rows[:1], adding=("reserved",))
    found = session.execute(
        select(StockItem.stocked, StockItem.reserved, StockItem.version, StockItem.state).order_by(StockItem.id)
    )
    assert [tuple(row) for row in found] == [
        (7, 4, 3, ItemState.REMOVED), (9, 0, 2, ItemState.REMOVED), (0, 0, 1, ItemState.ACTIVE),
    ]  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked=st.lists(st.sampled_from([*CODES, "p-1", "없음", "itm_0"])))
def test_among_finds_what_in_finds(session: Session, shop: Shop, asked: list[str]) -> None:
    if not session.scalar(select(func.count()).select_from(StockItem)):
        add_items(session, shop)
    found, without = (
        set(session.scalars(select(StockItem.code).where(condition)))
        for condition in (among(StockItem.code, asked), ~among(StockItem.code, asked))
    )
    assert found == set(CODES) & set(asked)
    assert without == set(CODES) - set(asked)


@pytest.mark.skipif(ON_POSTGRES, reason="PostgreSQL reads a small table whole, whatever it is asked")
def test_among_uses_the_index_of_its_column(session: Session, shop: Shop) -> None:
    query = select(StockItem.name).where(StockItem.shop_id == shop.id, among(StockItem.code, ["A", "B"]))
    compiled = query.compile(dialect=session.get_bind().dialect)
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", (shop.id, '["A"]')).all()
    steps = [row[-1] for row in plan]
    assert any("shop_id=? AND code=?" in step for step in steps), steps
    assert not any(step.startswith("SCAN stock_items") for step in steps), steps

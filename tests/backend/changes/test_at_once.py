"""Two who write at once, over real connections: nobody's change is lost, and nobody waits for ever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.db.engine import unit_of_work
from backend.db.locks import locked, take_turn
from backend.errors import EditConflict
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop
from backend.work_requests.models import WorkRequest
from tests.backend.operations.conftest import add_product
from tests.backend.plans.test_races import at_the_same_moment
from tests.databases import on_postgres_only

MANY = 6


def rename(number: int, product: int = 1) -> Change:
    return Change("product", f"prd_oneul_{product:02}", "name", f"상품 {product}", f"name {number}", "label")


@pytest.fixture
def products(session: Session, shop: Shop) -> list[Product]:
    made = [add_product(session, shop, number) for number in (1, 2)]
    session.commit()
    return made


def test_of_many_edits_made_on_one_value_one_is_written(
    session: Session, owner: Actor, products: list[Product]
) -> None:
    def edit(writing: Session, number: int) -> str:
        (done,) = apply(writing, owner, "product.rename", Source("direct", f"edit_{number}"), [rename(number)])
        time.sleep(0.05)  # long enough for the others to read what is not committed yet
        return str(done.after)

    results = at_the_same_moment([lambda s, n=n: edit(s, n) for n in range(MANY)])
    (won,) = [result for result in results if isinstance(result, str)]
    assert sum(isinstance(result, EditConflict) for result in results) == MANY - 1
    session.rollback()
    session.expire_all()
    assert (session.get_one(Product, "prd_oneul_01").name, products[0].version) == (won, 2)
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_an_edit_is_compared_with_what_is_there_not_with_what_was_read(owner: Actor, products: list[Product]) -> None:
    """The session of the slower one knows the row from before; that must not count."""
    other = threading.Event()

    def slower() -> None:
        with unit_of_work() as session:
            known = session.get_one(Product, "prd_oneul_01")
            if session.get_bind().dialect.name == "sqlite":
                other.set()  # there it waits until this one has ended
            else:
                other.set()
                faster_is_done.wait(10)
            apply(session, owner, "product.rename", Source("direct", "edit_2"), [rename(2)])
            assert known.version == 2

    def faster() -> str:
        other.wait(10)
        try:
            with unit_of_work() as session:
                apply(session, owner, "product.rename", Source("direct", "edit_1"), [rename(1)])
        except EditConflict:
            return "refused"
        finally:
            faster_is_done.set()
        return "written"

    faster_is_done = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        slow, fast = pool.submit(slower), pool.submit(faster)
        results = {fast.result(20), "refused" if isinstance(slow.exception(20), EditConflict) else "written"}
    assert results == {"written", "refused"}


def test_rows_changed_in_opposite_order_never_block_each_other(
    session: Session, owner: Actor, products: list[Product]
) -> None:
    def turn(name: str, order: tuple[int, int]) -> list[Change]:
        field, before, after = ("status", "on_sale", "hidden") if name == "status" else ("name", None, name)
        return [Change("product", f"prd_oneul_{n:02}", field, before or f"상품 {n}", after, "label") for n in order]

    results = at_the_same_moment([
        lambda s: len(apply(s, owner, "test", Source("direct", "a"), turn("status", (1, 2)))),
        lambda s: len(apply(s, pro_actor(owner.shop_id), "test", Source("direct", "b"), turn("neu", (2, 1)))),
    ])  # fmt: skip
    assert results == [2, 2]
    session.rollback()
    session.expire_all()
    assert {(p.name, p.status, p.version) for p in products} == {("neu", SaleStatus.HIDDEN, 3)}


def test_requests_filed_at_once_are_numbered_without_a_gap(session: Session, owner: Actor) -> None:
    after = {
        "type": "category_tidy", "fields": {}, "requested_by": "x", "requested_by_id": "x", "conversation_id": None,
        "created_at": "2026-11-18T03:00:00+00:00",
    }  # fmt: skip
    filing = replace(
        rename(0), target_type="work_request", target_id="", field="*", before=None, after=after, op="create"
    )
    at_the_same_moment([
        lambda s, n=n: apply(s, owner, "work_request.create", Source("direct", f"r{n}"), [filing]) for n in range(MANY)
    ])  # fmt: skip
    session.rollback()
    assert sorted(session.scalars(select(WorkRequest.number))) == list(range(1, MANY + 1))


def test_a_reader_sees_one_moment_however_long_it_reads(owner: Actor, products: list[Product]) -> None:
    with unit_of_work(write=False) as reading:
        assert reading.scalar(select(Product.name).where(Product.id == "prd_oneul_01")) == "상품 1"
        with unit_of_work() as writing:
            both = [rename(1), rename(1, product=2)]
            apply(writing, owner, "test", Source("direct", "edit_1"), both)
        assert reading.scalar(select(Product.name).where(Product.id == "prd_oneul_02")) == "상품 2"
    with unit_of_work(write=False) as reading:
        assert reading.scalar(select(Product.name).where(Product.id == "prd_oneul_02")) == "name 1"


@on_postgres_only
def test_one_shops_turn_keeps_no_other_shop_waiting_and_ends_with_its_transaction(shop: Shop) -> None:
    taken: list[str] = []

    def take(shop_id: str) -> None:
        with unit_of_work() as session:
            take_turn(session, [shop_id])
            taken.append(shop_id)

    with ThreadPoolExecutor(2) as pool:
        with unit_of_work() as session:
            take_turn(session, ["shop_oneul"])
            take_turn(session, ["shop_oneul"])  # whoever has it need not ask again
            pool.submit(take, "shop_other").result(10)
            waiting = pool.submit(take, "shop_oneul")
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result(10)
    assert taken == ["shop_other", "shop_oneul"]


@on_postgres_only
def test_a_turn_taken_in_a_savepoint_that_is_rolled_back_is_taken_anew(shop: Shop) -> None:
    def take() -> None:
        with unit_of_work() as session:
            take_turn(session, ["shop_oneul"])

    with ThreadPoolExecutor(1) as pool:
        with unit_of_work() as session:
            savepoint = session.begin_nested()
            take_turn(session, ["shop_oneul"])
            savepoint.rollback()
            pool.submit(take).result(10)
            take_turn(session, ["shop_oneul"])
            waiting = pool.submit(take)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result(10)


def test_what_was_read_before_the_turn_came_is_read_again(session: Session, products: list[Product]) -> None:
    with unit_of_work(write=False) as early:
        known = early.get_one(Product, "prd_oneul_01")
        early.rollback()
        with unit_of_work() as other:
            found = locked(other, Product, "prd_oneul_01")
            assert found is not None
            found.name = "moved"
        again = locked(early, Product, "prd_oneul_01")
        assert again is known and known.name == "moved"

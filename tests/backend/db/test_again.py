"""What the database gives up for somebody else's sake is done again; what is wrong stays wrong."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.again import TRIES, again_if_lost, lost_the_race
from backend.db.engine import get_engine, unit_of_work
from backend.errors import install_error_handlers
from backend.shops.models import Shop
from tests.databases import on_postgres_only


class Serialization(Exception):
    sqlstate = "40001"


def lost() -> OperationalError:
    return OperationalError("UPDATE", {}, Serialization())


def test_a_job_that_lost_is_carried_out_again_and_not_for_ever() -> None:
    tried: list[int] = []

    @again_if_lost
    def job(fails: int) -> str:
        tried.append(fails)
        if len(tried) <= fails:
            raise lost()
        return "done"

    assert (job(TRIES - 1), len(tried)) == ("done", TRIES)
    tried.clear()
    with pytest.raises(OperationalError):
        job(TRIES)
    assert len(tried) == TRIES


def test_anything_else_is_raised_at_once() -> None:
    tried = []

    @again_if_lost
    def job() -> None:
        tried.append(1)
        raise OperationalError("SELECT", {}, Exception("no such table"))

    with pytest.raises(OperationalError):
        job()
    assert tried == [1]
    assert not lost_the_race(IntegrityError("INSERT", {}, Serialization()))


def test_sqlites_lock_counts_as_lost(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'locked.db'}", connect_args={"timeout": 0.05})
    holder = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    holder.execute("CREATE TABLE one (number)")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as locked, engine.begin() as connection:
        connection.execute(text("INSERT INTO one VALUES (1)"))
    with pytest.raises(OperationalError) as missing, engine.begin() as connection:
        connection.execute(text("SELECT * FROM two"))
    holder.close()
    engine.dispose()
    assert (lost_the_race(locked.value), lost_the_race(missing.value)) == (True, False)


@on_postgres_only
def test_of_a_real_deadlock_both_come_through(session: Session, shop: Shop) -> None:
    meet, tries = Barrier(2), []

    @again_if_lost
    def job(first: str, second: str) -> None:
        tries.append(first)
        with unit_of_work() as writing:
            mark = text("UPDATE shops SET version = version + 1 WHERE id = :id")
            writing.execute(mark, {"id": first})
            if len(tries) <= 2:
                meet.wait(10)  # each has what the other wants
            writing.execute(mark, {"id": second})

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(job, "shop_oneul", "shop_other"), pool.submit(job, "shop_other", "shop_oneul")]:
            done.result(20)
    assert len(tries) > 2, "one was given up and went again"
    session.rollback()
    session.expire_all()
    assert [session.get_one(Shop, key).version for key in ("shop_oneul", "shop_other")] == [3, 3]


@pytest.fixture
def impatient(session: Session, shop: Shop) -> Iterator[None]:
    """Every transaction waits a tenth of a second at most."""

    def hurry(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

    event.listen(get_engine(), "begin", hurry)
    yield
    event.remove(get_engine(), "begin", hurry)


@on_postgres_only
def test_a_request_that_waits_too_long_is_told_to_come_again(impatient: None, client, owner: Actor) -> None:
    """The holder is another process, as far as the database can tell."""
    from backend.db.locks import take_turn

    with unit_of_work() as holder:
        plan = client(owner).post("/api/plans", json={"kind": "ops.off", "params": {"operation": "main_display"}})
        take_turn(holder, [owner.shop_id])
        path = f"/api/plans/{plan.json()['id']}/confirm"
        refused = client(owner).post(path, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert refused.headers["retry-after"] == "1"
    assert client(owner).post(path, headers={"Idempotency-Key": "k"}).json()["state"] == "executed"


def test_no_free_connection_is_told_the_same_way() -> None:
    app = FastAPI()
    install_error_handlers(app)

    @app.get("/")
    def full() -> None:
        raise TimeoutError("QueuePool limit reached")

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "1")

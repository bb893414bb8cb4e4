"""The worker process itself: it plans at its start, carries out what is due, and can be killed and started again."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.db.engine import unit_of_work
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.products.models import ProductDay
from backend.settings import ROOT
from tests.backend.operations.conftest import TODAY, add_run, shown


@pytest.fixture
def start(tmp_path: Path):
    started: list[subprocess.Popen] = []

    def go() -> subprocess.Popen:
        env = {**os.environ, "OPSTALK_VAR_DIR": str(tmp_path)}
        process = subprocess.Popen([sys.executable, "-m", "backend.operations.worker"], cwd=ROOT, env=env)
        started.append(process)
        return process

    yield go
    for process in started:
        process.kill()
        process.wait()


def state_of(run_id: str) -> RunState:
    with unit_of_work(write=False) as session:
        return session.get_one(Run, run_id).state


def wait_for(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the worker did not do it in time"
        time.sleep(0.1)


def test_a_worker_finishes_what_a_killed_one_left_and_ends_on_sigterm(session, shop, display, fresh, start) -> None:
    real_now = datetime.now(UTC)
    run = add_run(
        session, shop, state=RunState.RUNNING, announced_at=real_now - timedelta(days=1), attempts=1,
        scheduled_for=real_now - timedelta(minutes=9), lease_owner="gone", lease_until=real_now - timedelta(minutes=4),
    )  # fmt: skip
    for product_day in session.query(ProductDay):
        product_day.day = real_now.date() - (TODAY - product_day.day)
    session.commit()
    first = start()
    wait_for(lambda: state_of(run.id) is RunState.DONE)
    assert shown(fresh(), shop)[0] == display[7].id
    first.send_signal(signal.SIGKILL)
    first.wait()
    waiting = fresh().scalars(select(Run).where(Run.operation == "promotion_coupon", Run.shop_id == shop.id)).one()
    with unit_of_work() as other:
        other.get_one(Run, waiting.id).scheduled_for = real_now
    second = start()
    wait_for(lambda: state_of(waiting.id) is RunState.NOTHING)
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert fresh().get_one(Run, run.id).attempts == 2

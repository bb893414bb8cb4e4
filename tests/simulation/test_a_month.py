"""Shops live a month with the real scheduler, two workers, kills, standstills and people; then the books are checked.

A run costs some ten milliseconds, so that the suite has the month of 80 shops and continuous
integration that of 200; `OPSTALK_SIMULATED_SHOPS` says another number.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.operations.models import Run
from backend.operations.states import RunState
from tests.databases import own_database
from tests.simulation import laws
from tests.simulation.month import Month, stood_still
from tests.simulation.village import START, Household, build, households

SHOPS = int(os.environ.get("OPSTALK_SIMULATED_SHOPS", "200" if os.environ.get("CI") else "80"))
pytestmark = pytest.mark.timeout(900)  # one core of its own needs a tenth of it; a shared machine may have less


@dataclass
class Lived:
    session: Session
    runs: list[Run]
    month: Month
    of: list[Household]
    end: datetime


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The books after the month, read by one session; nothing of it is written any more."""
    of = households(SHOPS)
    with own_database(tmp_path_factory.mktemp("village")), clock.frozen(START) as watch:
        with unit_of_work() as session:
            build(session, of)
        month = Month(of, watch)
        month.live()
        with unit_of_work(write=False) as session:
            yield Lived(session, laws.all_runs(session), month, of, watch.now())


def test_the_month_had_everything_in_it(lived: Lived) -> None:
    """Else the rest proves nothing."""
    seen = lived.month.seen
    assert seen["broken"] == 0
    for happened in (
        "doubled rounds", "missed rounds", "lost queues", "interleaved", "refused twice", "taken over",
        "killed claimed", "killed computed", "killed applied", "ops.off", "ops.on", "undo", "sent",
        "ended done", "ended nothing", "ended failed", "ended dropped",
    ):  # fmt: skip
        assert seen[happened] > 0, happened
    states = {run.state for run in lived.runs}
    assert states >= {RunState.DONE, RunState.NOTHING, RunState.FAILED, RunState.DROPPED, RunState.REVERTED}
    assert len({run.operation for run in lived.runs if run.state in laws.WROTE}) == 13


def test_every_due_run_ended_exactly_once_with_its_reason(lived: Lived) -> None:
    laws.every_due_run_ended_once_and_says_why(lived.runs, lived.end)


def test_no_occurrence_ran_twice_and_no_unit_has_two_open_runs(lived: Lived) -> None:
    laws.no_due_was_run_twice(lived.runs)
    laws.turns_keep_their_distance(lived.runs)


def test_no_occurrence_was_lost(lived: Lived) -> None:
    untouched = [house for house in lived.of if house.untouched]
    foretold = laws.nothing_is_missing_where_nothing_held_it(lived.runs, untouched, lived.end, stood_still)
    assert foretold > len(untouched) * 30


def test_nothing_ran_while_it_was_off(lived: Lived) -> None:
    laws.nothing_ran_while_off(lived.session, lived.runs)
    laws.waiting_runs_are_covered_by_no_off(lived.session, lived.runs, lived.end)


def test_nothing_announced_ran_before_its_time(lived: Lived) -> None:
    assert laws.announced_runs_kept_their_time(lived.runs) > len(lived.of) // 2


def test_the_audit_and_the_shops_agree(lived: Lived) -> None:
    laws.the_audit_tells_what_the_shops_are(lived.session, lived.runs)
    laws.no_draft_coupon_or_proposal_is_an_orphan(lived.session, lived.runs)


def test_every_message_to_a_buyer_left_once(lived: Lived) -> None:
    assert laws.every_message_left_once(lived.session) > 0


def test_every_notice_to_a_merchant_was_told_once(lived: Lived) -> None:
    laws.every_notice_was_told_once(lived.session, lived.runs)

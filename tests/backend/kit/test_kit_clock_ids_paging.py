"""Time, ids and pages."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from backend.kit import clock
from backend.kit.ids import new_id, new_ids
from backend.kit.paging import Page, clamp_limit


def test_today_is_the_date_in_seoul():
    with clock.frozen(datetime(2025, 11, 28, 15, 30, tzinfo=UTC)):
        assert clock.now() == datetime(2025, 11, 28, 15, 30, tzinfo=UTC)
        assert clock.today() == date(2025, 11, 29)


def test_frozen_clock_moves_only_when_told_and_is_restored():
    before = clock.now()
    with clock.frozen(datetime(2030, 1, 1, tzinfo=UTC)) as stopped:
        first = clock.now()
        stopped.advance(timedelta(hours=2))
        assert clock.now() - first == timedelta(hours=2)
        stopped.move_to(datetime(2031, 1, 1, tzinfo=UTC))
        assert clock.now().year == 2031
    assert timedelta() <= clock.now() - before < timedelta(minutes=1)


def test_seoul_takes_a_naive_time_for_utc():
    assert clock.seoul(datetime(2025, 1, 1, 0, 0)).isoformat() == "2025-01-01T09:00:00+09:00"  # noqa: DTZ001


def test_refuses_a_naive_frozen_time():
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2025, 1, 1)):  # noqa: DTZ001
        pass


def test_ids_grow_and_are_unique():
    ids = [new_id("run") for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert len(ids[0]) == len("run_") + 26
    assert set(ids[0][4:]) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_ids_for_many_rows_grow_over_blocks_and_are_nobody_elses():
    before, several, other = new_id("run"), new_ids("run"), new_ids("run")
    ids = [next(several) for _ in range(3000)]
    beside = [next(other) for _ in range(3000)] + [new_id("run") for _ in range(50)]
    assert ids == sorted(set(ids))
    assert ids[0] > before
    assert not set(ids) & set(beside)
    assert next(several) not in {*ids, *beside}
    assert {len(one) for one in ids} == {len("run_") + 26}


def test_ids_grow_while_the_clock_stands_still_or_steps_back(monkeypatch):
    last = new_id("run")
    for wall in (10**18, 10**18, 10**17):
        monkeypatch.setattr("backend.kit.ids.time.time_ns", lambda wall=wall: wall)
        fresh = new_id("run")
        assert fresh > last
        last = fresh


def test_a_forked_process_makes_ids_of_its_own():
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, new_id("run").encode())
        os._exit(0)
    mine = new_id("run")
    os.waitpid(child, 0)
    assert os.read(read, 100).decode() != mine
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("prefix", ["", "Run", "run_", "1run", "r" * 17, "런", "run\n"])
def test_refuses_an_odd_prefix(prefix):
    with pytest.raises(ValueError, match="prefix"):
        new_id(prefix)


def test_a_page_knows_whether_more_follow():
    page = Page(["a", "b"], total=5, limit=2, offset=2)
    assert (page.next_offset, page.has_more) == (4, True)
    assert Page(["e"], total=5, limit=2, offset=4).next_offset is None
    assert page.map(str.upper) == Page(["A", "B"], total=5, limit=2, offset=2)


@pytest.mark.parametrize(("limit", "offset", "total"), [(0, 0, 0), (101, 0, 0), (10, -1, 0), (10, 0, -1), (1, 0, 2)])
def test_refuses_an_impossible_page(limit, offset, total):
    with pytest.raises(ValueError):
        Page([1, 2], total=total, limit=limit, offset=offset)


def test_clamps_a_limit_into_the_allowed_range():
    assert [clamp_limit(n) for n in (-1, 0, 50, 1000)] == [1, 1, 50, 100]

"""Monday 09:00: one report for each shop and week, told once, whoever makes it and however often it is tried."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.conversations.models import Conversation, Message
from backend.kit import clock
from backend.reports import publish
from backend.reports.models import WeeklyReport
from backend.reports.publish import publish_due
from backend.reports.schemas import ReportState
from backend.reports.service import report_of
from backend.settings import ROOT
from backend.shops.models import ProState, Shop
from tests.backend.reports.conftest import LAST, MONDAY_NINE, noon, ran, renamed, sell


def reports(session, shop) -> list[WeeklyReport]:
    session.rollback()
    session.expire_all()
    query = select(WeeklyReport).where(WeeklyReport.shop_id == shop.id).order_by(WeeklyReport.monday)
    return list(session.scalars(query))


def notices(session, shop) -> list[Message]:
    query = select(Message).where(Message.shop_id == shop.id, Message.text.contains("주간 운영 보고서가 나왔어요"))
    return list(session.scalars(query.order_by(Message.id)))


def test_nothing_is_made_before_monday_nine_and_everything_after(session, shop) -> None:
    session.commit()
    with clock.frozen(MONDAY_NINE - timedelta(seconds=1)):
        assert publish_due() == []
    with clock.frozen(MONDAY_NINE):
        assert len(publish_due()) == 2  # ours and the stranger's shop
        assert publish_due() == []
    (report,) = reports(session, shop)
    assert (report.monday, report.made_at) == (LAST.monday, MONDAY_NINE)


def test_everybody_of_the_shop_is_told_once_with_links_that_open(session, shop, client, monday_nine) -> None:
    session.commit()
    publish_due()
    monday_nine.advance(timedelta(days=6))
    publish_due()
    assert len(reports(session, shop)) == 1
    told = notices(session, shop)
    assert len(told) == 2  # owner and sub-operator, each in their own conversation
    talks = [session.get_one(Conversation, message.conversation_id) for message in told]
    assert all(message.seq > talk.read_seq for message, talk in zip(told, talks, strict=True))
    page, pdf, summary = told[0].blocks[1]["buttons"]
    assert page["new_tab"] and pdf["new_tab"]
    assert "주간 운영 보고서" in client(None).get(page["href"]).text
    assert client(None).get(pdf["href"]).headers["content-type"] == "application/pdf"
    assert summary["payload"] == f'/ops_weekly_report{{"week":"{LAST.monday}"}}'


def test_a_worker_that_was_away_makes_up_for_it_later_in_the_week(session, shop) -> None:
    session.commit()
    with clock.frozen(noon(LAST.next.sunday)):
        assert len(publish_due()) == 2


def test_a_shop_without_pro_or_that_began_later_gets_none(session, shop, monday_nine) -> None:
    session.get_one(Shop, "shop_other").pro_state = ProState.ENDED
    shop.pro_since = LAST.next.monday
    session.commit()
    assert publish_due() == []


def test_a_snapshot_never_changes_while_the_live_week_does(session, shop, products, monday_nine) -> None:
    renamed(session, shop, products, LAST.monday - timedelta(days=3))
    sell(session, products[0], [LAST.monday - timedelta(days=one) for one in range(20)], orders=3)
    session.commit()
    publish_due()
    session.rollback()
    first = report_of(session, shop, LAST)
    running = report_of(session, shop, LAST.next)
    ran(session, shop, "main_display", None, LAST.monday)  # somebody writes into the past
    ran(session, shop, "main_display", None, LAST.next.monday)
    sell(session, products[0], [LAST.monday + timedelta(days=one) for one in range(1, 7)], orders=99)
    session.commit()
    again, later = report_of(session, shop, LAST), report_of(session, shop, LAST.next)
    assert (first.state, running.state) == (ReportState.FINAL, ReportState.IN_PROGRESS)
    assert again.contents == first.contents
    assert (running.contents.runs.done, later.contents.runs.done) == (0, 1)


def test_two_workers_at_the_same_moment_make_one(session, shop, monday_nine) -> None:
    session.commit()
    both = threading.Barrier(2)
    made: list[list[str]] = []

    def work() -> None:
        waited: list[str] = []

        def meet(step: str) -> None:
            if step == "counted" and not waited:
                waited.append(step)
                both.wait(30)  # both have counted the first shop, and neither has stored it

        made.append(publish_due(meet))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(len, made)) in ([0, 2], [1, 1])
    assert (len(reports(session, shop)), len(notices(session, shop))) == (1, 2)


@pytest.mark.parametrize("step", ["counted", "stored"])
def test_a_worker_that_fails_on_the_way_leaves_nothing_and_the_next_one_does_it(
    session, shop, monday_nine, step: str
) -> None:
    session.commit()

    def dies(at: str) -> None:
        if at == step:
            raise RuntimeError("out of memory")

    assert publish_due(dies) == []
    assert (reports(session, shop), notices(session, shop)) == ([], [])
    assert len(publish_due()) == 2
    assert (len(reports(session, shop)), len(notices(session, shop))) == (1, 2)


def test_a_killed_process_never_leaves_a_report_nobody_was_told_of(session, shop, tmp_path, monday_nine) -> None:
    session.commit()
    script = (
        "import sys, time; from backend import features; features.load()\n"
        "from datetime import datetime; from backend.kit import clock; from backend.reports.publish import publish_due\n"
        f"with clock.frozen(datetime.fromisoformat({MONDAY_NINE.isoformat()!r})):\n"
        "    publish_due(lambda step: step == 'stored' and (print('stored', flush=True), time.sleep(120)))\n"
    )
    env = {**os.environ, "OPSTALK_VAR_DIR": str(tmp_path), "OPSTALK_SECRET_KEY": "x" * 40}
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None and worker.stdout.readline().strip() == "stored"
        worker.send_signal(signal.SIGKILL)
        worker.wait(20)
    finally:
        worker.kill()
        worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()
    assert (reports(session, shop), notices(session, shop)) == ([], [])
    assert len(publish_due()) == 2
    assert (len(reports(session, shop)), len(notices(session, shop))) == (1, 2)


def test_the_workers_own_process_publishes(session, shop, tmp_path) -> None:
    """On the machine's own time: the week before this one, made when the worker starts after a Monday's nine o'clock."""
    now = clock.SystemClock().now()
    week = publish.last_complete(clock.seoul(now).date())
    if now < publish.ready_at(week):
        pytest.skip("it is Monday before nine in Seoul")
    session.get_one(Shop, "shop_other").pro_since = shop.pro_since = week.monday - timedelta(days=30)
    session.commit()
    env = {**os.environ, "OPSTALK_VAR_DIR": str(tmp_path)}
    worker = subprocess.Popen([sys.executable, "-m", "backend.operations.worker"], cwd=ROOT, env=env)
    try:
        end = time.monotonic() + 60
        while not reports(session, shop):
            assert time.monotonic() < end, "the worker did not do it in time"
            time.sleep(0.2)
    finally:
        worker.kill()
        worker.wait()
    (report,) = reports(session, shop)
    assert report.monday == week.monday

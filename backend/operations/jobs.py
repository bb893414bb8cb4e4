"""The worker's queue (huey on SQLite): a round every minute, each due run as a job of its own, the week's report.

Start it with `huey_consumer backend.operations.jobs.huey -w 2`. A job that is delivered twice, or to two workers,
is carried out once: the run's lease decides.
"""

import os
from threading import get_ident

from huey import SqliteHuey, crontab

from backend import features
from backend.inventory.reminders import remind_due
from backend.inventory.sync import sync_due
from backend.markets.collect_due import queue_due
from backend.operations.customer_messages import send_customer_messages
from backend.operations.runner import execute
from backend.operations.tick import tick
from backend.reports.publish import publish_due
from backend.settings import get_settings

get_settings().var_dir.mkdir(parents=True, exist_ok=True)
huey = SqliteHuey("opstalk", filename=str(get_settings().var_dir / "jobs.db"))


@huey.on_startup()
def load_features() -> None:
    features.load()


@huey.task()
def execute_run(run_id: str) -> str | None:
    state = execute(run_id, f"{os.uname().nodename}:{os.getpid()}:{get_ident()}")
    return state.value if state else None


@huey.periodic_task(crontab(minute="*"))
def send_messages_every_minute() -> None:
    send_customer_messages()


@huey.periodic_task(crontab(minute="*"))
def publish_reports_every_minute() -> None:
    publish_due()


@huey.periodic_task(crontab(minute="*/10"))
def follow_the_mall() -> None:
    sync_due()
    remind_due()


@huey.periodic_task(crontab(minute="*"))
def tick_every_minute() -> None:
    tick(start=execute_run)


@huey.periodic_task(crontab(minute="*"))
def queue_collections_every_minute() -> None:
    queue_due()

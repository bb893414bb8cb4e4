"""The worker's two threads for the markets: one collects what was asked for, one tells what is due, every other second.

Neither is a queue of its own: what is to be done stands in the database, and a lease keeps several workers apart.
"""

import logging
import threading
from collections.abc import Callable

from backend.db.engine import unit_of_work
from backend.markets.announced import announce_changed
from backend.markets.collect import collect, waiting
from backend.markets.send import send_due

PAUSE = 2.0  # seconds
log = logging.getLogger(__name__)


def collect_waiting() -> int:
    """How many rounds were carried out."""
    with unit_of_work(write=False) as session:
        ids = waiting(session)
    return sum(collect(collection_id) is not None for collection_id in ids)


def announce_and_send() -> int:
    """How many words came to an end, or are put off."""
    announce_changed()
    return sum(send_due().values())


def start(stop: threading.Event, pause: float = PAUSE) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=_again_and_again, args=(work, stop, pause), daemon=True, name=name)
        for name, work in (("collect", collect_waiting), ("tell", announce_and_send))
    ]
    for thread in threads:
        thread.start()
    return threads


def _again_and_again(work: Callable[[], object], stop: threading.Event, pause: float) -> None:
    while not stop.wait(pause):
        try:
            work()
        except Exception:
            log.exception("a round for the markets failed")

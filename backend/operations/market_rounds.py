"""The worker's threads for the markets: one collects what was asked for, one tells what is due, both every other second;
one promises stock that came free to the orders that wait for it, one asks for buyers' questions.

None is a queue of its own: what is to be done stands in the database, and leases and the shop's turn keep several workers
apart.
"""

import logging
import threading
from collections.abc import Callable

from backend.db.engine import unit_of_work
from backend.markets.announced import announce_changed
from backend.markets.collect import collect, waiting
from backend.markets.questions import collect_questions
from backend.markets.send import send_due
from backend.orders.free_stock import allocate_free

PAUSE = 2.0  # seconds
BETWEEN_SHARES, BETWEEN_QUESTIONS = 20.0, 60.0  # seconds
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
        threading.Thread(target=_again_and_again, args=(work, stop, rest), daemon=True, name=name)
        for name, work, rest in (
            ("collect", collect_waiting, pause),
            ("tell", announce_and_send, pause),
            ("allocate", allocate_free, max(pause, BETWEEN_SHARES)),
            ("questions", collect_questions, max(pause, BETWEEN_QUESTIONS)),
        )
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

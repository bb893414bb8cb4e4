"""`python -m backend.operations.worker`: the queue's consumer with two workers, the minute's round, and the markets' two
threads; SIGTERM ends it."""

import logging
import sys
import threading

from backend.operations import market_rounds
from backend.operations.jobs import (
    huey,
    publish_reports_every_minute,
    queue_collections_every_minute,
    tick_every_minute,
)
from backend.settings import get_settings


def main() -> int:
    logging.basicConfig(level=get_settings().log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    tick_every_minute()  # a first round at once, not at the next full minute
    publish_reports_every_minute()
    queue_collections_every_minute()
    stop = threading.Event()
    market_rounds.start(stop)
    huey.create_consumer(workers=2, worker_type="thread", periodic=True, initial_delay=0.5, max_delay=5).run()
    stop.set()
    return 0


if __name__ == "__main__":
    sys.exit(main())

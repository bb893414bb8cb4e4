"""`python -m backend.operations.worker`: the queue's consumer with two workers, the minute's round, and the markets'
threads; SIGTERM ends it. With `--only markets` these threads alone, for a process of their own beside it."""

import argparse
import logging
import signal
import sys
import threading

from backend import features
from backend.operations import market_rounds
from backend.settings import get_settings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["markets"])
    options = parser.parse_args()
    logging.basicConfig(level=get_settings().log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    if options.only == "markets":
        _markets(stop)
    else:
        _everything(stop)
    return 0


def _everything(stop: threading.Event) -> None:
    from backend.operations.jobs import (  # its queue stands in a file, which the other way of running has no use for
        huey,
        publish_reports_every_minute,
        queue_collections_every_minute,
        tick_every_minute,
    )

    tick_every_minute()  # a first round at once, not at the next full minute
    publish_reports_every_minute()
    queue_collections_every_minute()
    market_rounds.start(stop)
    huey.create_consumer(workers=2, worker_type="thread", periodic=True, initial_delay=0.5, max_delay=5).run()
    stop.set()


def _markets(stop: threading.Event) -> None:
    features.load()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    threads = market_rounds.start(stop)
    stop.wait()
    for thread in threads:
        thread.join(2)


if __name__ == "__main__":
    sys.exit(main())
